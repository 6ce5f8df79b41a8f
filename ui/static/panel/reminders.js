// Quiet reminders: what was said and should not have been. Two lines at most, each put away by a click.

import { html, css, nothing, repeat } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { quote } from './evidence.js';
import { dismiss } from './trouble-note.js';

const SHOWN = 2;

export const reminderStyles = css`
  .reminders { display: grid; gap: 6px; }
  .reminder { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 var(--s-2); align-items: start; padding: 6px var(--s-3);
    border-radius: var(--r-2); background: var(--inset); font-size: var(--t-sm); color: var(--ink-2); }
  .reminder > .icon { color: var(--warn); margin-top: 3px; }
  .reminder p { overflow-wrap: anywhere; }
  .reminder .quote { display: flex; gap: 5px; justify-content: flex-start; min-height: 22px; padding: 0; max-width: 100%; font-size: var(--t-xs); color: var(--ink-3); }
  .reminder .icon-button { width: 24px; min-height: 24px; margin-inline-end: -4px; }
`;

export function reminders(panel) {
  const { t, state } = panel;
  const open = state.prohibited.filter((each) => !panel.dismissed.has(each.seq)).slice(-SHOWN);
  if (!open.length) return nothing;
  return html`<div class="reminders" role="status" aria-label=${t('remind')}>${repeat(
    open,
    (each) => each.seq,
    (each) => html`<div class="reminder">${icon('quote', 14)}
      <div><p>${t('remind.avoid', { phrase: each.phrase })}</p>${quote(each.evidence, t)}</div>
      ${dismiss(t, () => panel.dismiss([each.seq]))}</div>`,
  )}</div>`;
}
