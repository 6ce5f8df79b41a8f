import './mic-page.js';
