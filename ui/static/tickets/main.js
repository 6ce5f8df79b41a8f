import './tickets-page.js';
