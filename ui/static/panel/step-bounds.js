// What binds the agent at a step: phrases to avoid, and the official position with its validity.

import { html, css, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';

export const boundStyles = css`
  .avoid, .policy { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 6px; margin-bottom: var(--s-2); font-size: var(--t-sm); color: var(--ink-2); }
  .avoid > .icon, .policy > .icon { margin-top: 3px; color: var(--ink-3); }
  .policy small { display: block; font-size: var(--t-xs); color: var(--ink-3); }
  .policy.expired > .icon, .policy.expired strong { color: var(--warn-ink); }
  .policy.expired strong { display: block; font-weight: var(--w-medium); }
`;

export function bounds(step, t) {
  const { must_not_say: avoid = [], policy } = step;
  const phrases = avoid.map((phrase) => `“${phrase}”`).join(t.lang === 'en' ? ', ' : '、');
  return html`
    ${policy
      ? html`<div class="policy ${policy.expired ? 'expired' : ''}">${icon(policy.expired ? 'triangle-alert' : 'quote', 13)}
          <p>${policy.expired ? html`<strong>${t('policy.expired', { date: policy.valid_until })}</strong>` : nothing}
            ${policy.text}<small>${t('policy.source', { source: policy.source, date: policy.valid_until })}</small></p></div>`
      : nothing}
    ${avoid.length ? html`<p class="avoid">${icon('x', 13)}<span>${t('step.mustnot', { phrases })}</span></p>` : nothing}`;
}
