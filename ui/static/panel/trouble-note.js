// A known trouble, said once, with what to do about it.

import { html, css, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { inWords } from '../trouble-texts.js';

export const troubleStyles = css`
  .trouble { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 var(--s-2); align-items: start; padding: var(--s-2) var(--s-3);
    border-radius: var(--r-2); background: var(--bad-soft); border: 1px solid var(--bad-line); font-size: var(--t-sm); margin-top: var(--s-2); }
  .trouble > .icon { color: var(--bad); margin-top: 3px; }
  .trouble strong { font-weight: var(--w-medium); color: var(--bad-ink); overflow-wrap: anywhere; }
  .trouble p { color: var(--ink-2); overflow-wrap: anywhere; }
  .trouble.warn { background: var(--warn-soft); border-color: var(--warn-line); }
  .trouble.warn > .icon { color: var(--warn); }
  .trouble.warn strong { color: var(--warn-ink); }
  .trouble .icon-button { width: 24px; min-height: 24px; margin: -1px -4px 0 0; }
`;

/** A trouble that says nothing by itself, by the name of what failed. */
export const named = (trouble, name) => (trouble.message ? trouble : { ...trouble, message: name });

/** `action` is a template (a retry button, a dismiss button) or `nothing`. A known `code` is said in the reader's language. */
export function troubleNote(trouble, t, action = nothing, level = 'bad') {
  const { message, remedy } = inWords(trouble, t);
  const { times = 1 } = trouble;
  return html`<div class="trouble ${level === 'warn' ? 'warn' : ''}" role=${level === 'warn' ? 'status' : 'alert'}>
    ${icon(level === 'warn' ? 'plug' : 'triangle-alert', 15)}
    <div><strong>${message}${times > 1 ? ` ×${times}` : ''}</strong>${remedy ? html`<p>${remedy}</p>` : nothing}</div>
    ${action}
  </div>`;
}

export const dismiss = (t, onclick) => html`<button class="icon-button" aria-label=${t('dismiss')} title=${t('dismiss')}
  @click=${onclick}>${icon('x', 14)}</button>`;
