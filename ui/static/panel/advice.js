// What must be seen whatever the card shows, above it and out of its scrolling: what a supervisor sends
// into the call, words or a step to take, until the agent has answered; and that the caller is upset.
// Neither moves the card by itself.

import { html, css, nothing, repeat } from '../vendor/lit.js';
import { icon, kbd } from '../design/base.js';
import { act, effectOf } from './act.js';
import { quote } from './evidence.js';
import { openAdvice } from './fold.js';
import { dismiss } from './trouble-note.js';

const SHOWN = 3;

export const adviceStyles = css`
  .advice { flex: none; display: grid; gap: 6px; padding: var(--s-3) var(--s-3) 0; max-height: 40vh; overflow-y: auto; }
  .upset { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 var(--s-2); padding: 5px var(--s-3); border-radius: var(--r-2); background: var(--warn-soft); font-size: var(--t-sm); color: var(--ink); }
  .upset > .icon { color: var(--warn); margin-top: 3px; }
  .upset .quote { display: flex; gap: 5px; justify-content: flex-start; min-height: 20px; padding: 0; max-width: 100%; font-size: var(--t-xs); color: var(--ink-2); }
  .upset .icon-button { width: 24px; min-height: 24px; margin-inline-end: -4px; }
  @container (min-width: 800px) { .advice > * { width: min(100%, 640px); margin-inline: auto; } }
  .note { padding: var(--s-2) var(--s-3); border: 1px solid var(--accent-line); border-radius: var(--r-2); background: var(--accent-soft); font-size: var(--t-sm); }
  .note .from { display: flex; gap: 6px; align-items: center; font-size: var(--t-xs); color: var(--ink-2); }
  .note .said { color: var(--ink); margin-top: 2px; overflow-wrap: anywhere; white-space: pre-line; }
  .note .row { display: flex; gap: var(--s-2); margin-top: 6px; }
  .note .row button { min-height: 30px; font-size: var(--t-sm); }
  .more { font-size: var(--t-xs); color: var(--ink-3); }
`;

export function advice(panel) {
  const { t, state } = panel;
  const open = openAdvice(state);
  const mood = state.mood && !panel.dismissed.has(state.mood.seq) && !state.wrapped ? state.mood : null;
  if (!open.length && !mood) return nothing;
  const hidden = open.length - SHOWN;
  return html`<section class="advice" aria-label=${t(open.length ? 'advice' : 'remind')}>
    ${mood ? html`<div class="upset" role="status">${icon('message-circle', 14)}<div><p>${t('remind.angry')}</p>${quote(mood.evidence, t)}</div>${
      dismiss(t, () => panel.dismiss([mood.seq]))}</div>` : nothing}
    ${repeat(open.slice(0, SHOWN), (each) => each.id, (each, i) => note(panel, each, i === 0))}
    ${hidden > 0 ? html`<p class="more">${t('advice.more', { n: hidden })}</p>` : nothing}</section>`;
}

/** The first one, which is the oldest, has the keys. */
function note(panel, each, first) {
  const { t } = panel;
  const isStep = each.kind === 'step_proposed';
  const button = (look, answer, key) => {
    const command = { kind: 'answer_advice', id: each.id, answer };
    return html`<button class=${look} ?disabled=${panel.busy.has(effectOf(command))} aria-keyshortcuts=${first ? key : nothing}
      @click=${() => act(panel, 'answer_advice', { id: each.id, answer })}>${t(`advice.${answer}`)}${first && panel.keys ? kbd(key) : nothing}</button>`;
  };
  const buttons = isStep ? [button('primary', 'taken', 'G'), button('ghost', 'declined', 'H')] : [button('plain', 'seen', 'G')];
  return html`<div class="note">
    <p class="from">${icon('headset', 13)}${t(isStep ? 'advice.step' : 'advice.said', { name: each.name || each.by })}</p>
    <p class="said">${inWords(each, t)}</p>
    ${panel.readonly ? nothing : html`<div class="row">${buttons}</div>`}</div>`;
}

/** What it says, for the eye and for a screen reader. */
export function inWords(each, t) {
  if (each.kind === 'supervisor_said') return each.text;
  const what = t(each.step ? 'advice.to.step' : 'advice.to.guide', { title: each.title });
  return each.reason ? t('advice.reason', { what, reason: each.reason }) : what;
}

/** The command of a key: G takes or has seen the oldest, H declines a proposed step. */
export function adviceKey(key, state) {
  const [first] = openAdvice(state);
  if (!first || !['g', 'h'].includes(key)) return null;
  const isStep = first.kind === 'step_proposed';
  if (key === 'h' && !isStep) return null;
  const answer = key === 'h' ? 'declined' : isStep ? 'taken' : 'seen';
  return { kind: 'answer_advice', id: first.id, answer };
}
