// A refusal as the server tells it.

import { html } from '../vendor/lit.js';

export const trouble = (error, more) => (error ? html`<div class="note bad" role="alert"><p>${error.message}${error.remedy ? html`<br>${error.remedy}` : ''}</p>${more ?? ''}</div>` : '');
