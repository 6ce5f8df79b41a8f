// What speaks for a guide beside what was said: a tag, an open ticket, the last call, the line rung.

import { html, css, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';

const ICONS = { tag: 'user', ticket: 'ticket', last_call: 'phone', line: 'phone' };

export const reasonStyles = css`
  .reasons { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: var(--s-1); margin-top: 4px; }
  .reasons .tag { background: var(--warn-soft); color: var(--warn-ink); }
`;

/** Each reason in words, with how much it counts. */
export function reasons(why, t) {
  if (!why?.length) return nothing;
  return html`<span class="reasons"><span class="sr">${t('why.record')}</span>${why.map((reason) => {
    const odds = t('why.odds', { n: Math.exp(reason.log_odds).toFixed(1) });
    return html`<span class="tag" title=${odds}>${icon(ICONS[reason.kind], 12)}<span class="clip">${inWords(reason, t)}</span><span class="sr">${odds}</span></span>`;
  })}</span>`;
}

function inWords(reason, t) {
  const what = reason[t.lang];
  if (reason.kind === 'ticket') return t('why.ticket', { what });
  if (reason.kind === 'last_call') return reason.days ? t('why.last_call', { what, n: reason.days }) : t('why.today', { what });
  if (reason.kind === 'line') return t('why.line', { what });
  return what;
}
