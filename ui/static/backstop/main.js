import './backstop-page.js';
