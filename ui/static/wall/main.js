import './wall-page.js';
