// A refusal as the server tells it, said where it happened.

import { html, nothing } from '../vendor/lit.js';

export function trouble(error, t, more = nothing) {
  if (!error) return nothing;
  const known = t.or(`error.${(error.code ?? '').replace(/\W+/g, '_')}`, '');
  const detail = error.code === 'studio.errors' ? error.values[t.lang] : known ? '' : error.remedy;
  return html`<div class="note bad" role="alert"><p>${known || error.message}${detail ? html`<br>${detail}` : nothing}</p>${more}</div>`;
}
