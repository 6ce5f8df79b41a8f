// Quiet reminders: something must still be said, something should not have been said. A line or two;
// what is about the past is put away by a click.

import { html, css, nothing, repeat } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { act } from './act.js';
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
  .reminder .say { min-height: 24px; padding: 0 var(--s-2); font-size: var(--t-xs); }
`;

export function reminders(panel) {
  const { t, state } = panel;
  const said = state.prohibited.filter(({ seq }) => !panel.dismissed.has(seq)).slice(-SHOWN);
  const owed = stillToSay(state);
  if (!said.length && !owed.length) return nothing;
  return html`<div class="reminders" role="status" aria-label=${t('remind')}>
    ${repeat(owed, ({ guide, step }) => `${guide}/${step}`, (step) => html`<div class="reminder">${icon('quote', 14)}
      <p>${t('remind.say', { text: step.text || step.title })}</p>
      ${state.wrapped || panel.readonly ? nothing : html`<button class="ghost say" @click=${() => act(panel, 'open_guide', { guide: step.guide })}>${t('remind.say.go')}</button>`}</div>`)}
    ${repeat(said, (each) => each.seq, (each) => html`<div class="reminder">${icon('quote', 14)}
      <div><p>${t('remind.avoid', { phrase: each.phrase })}</p>${quote(each.evidence, t)}</div>
      ${dismiss(t, () => panel.dismiss([each.seq]))}</div>`)}</div>`;
}

/** Steps that must be said and were left: their guide lies under another one, or the call is over. */
export function stillToSay(state) {
  const over = ['ended', 'broken_off'].includes(state.status);
  const left = over ? state.pages : state.pages.slice(0, -1);
  return left.map((page) => page.current).filter((step) => step?.must_say);
}
