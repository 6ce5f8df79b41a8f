// A value heard otherwise than it is known: both with their words, the agent chooses. What was chosen
// stays in one line and can be chosen the other way again.

import { html, css, nothing, repeat } from '../vendor/lit.js';
import { icon, kbd } from '../design/base.js';
import { act } from './act.js';
import { quote } from './evidence.js';

export const conflictStyles = css`
  .conflicts { display: grid; gap: 6px; }
  .conflict { padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--inset); font-size: var(--t-sm); color: var(--ink-2); }
  .conflict .two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 6px var(--s-2); margin-top: 6px; align-items: start; }
  .conflict .two button.plain { width: 100%; justify-content: space-between; min-height: 32px; overflow-wrap: anywhere; }
  .conflict .quote { display: flex; gap: 5px; justify-content: flex-start; min-height: 22px; padding: 0; max-width: 100%; font-size: var(--t-xs); color: var(--ink-3); }
  .conflict.settled { display: flex; align-items: center; gap: var(--s-2); font-size: var(--t-xs); }
  .conflict.settled button { margin-inline-start: auto; min-height: 24px; font-size: var(--t-xs); }
`;

export function conflicts(panel) {
  const { t, state } = panel;
  const all = Object.values(state.conflicts);
  if (!all.length) return nothing;
  return html`<div class="conflicts" role="status" aria-label=${t('conflict')}>${repeat(
    all,
    (each) => each.slot,
    (each) => (each.take ? settled(panel, each) : open(panel, each)),
  )}</div>`;
}

function open(panel, conflict) {
  const { t } = panel;
  return html`<div class="conflict"><p>${t('conflict.title', { label: conflict.label })}</p>
    <div class="two">${side(panel, conflict, 'known', 'K')}${side(panel, conflict, 'heard', 'V')}</div></div>`;
}

function side(panel, conflict, take, key) {
  const { t } = panel;
  const reading = conflict[take];
  const words = t(`conflict.${take}`, { value: reading.label });
  return html`<div>${panel.readonly ? words : html`<button class="plain" aria-keyshortcuts=${key}
      @click=${() => act(panel, 'settle_conflict', { slot: conflict.slot, take })}>
      <span>${words}</span>${panel.keys ? kbd(key) : nothing}</button>`}
    ${reading.evidence ? quote(reading.evidence, t) : nothing}</div>`;
}

function settled(panel, conflict) {
  const { t } = panel;
  const other = conflict.take === 'known' ? 'heard' : 'known';
  return html`<p class="conflict settled">${icon('check', 13)}<span>${t('conflict.settled', {
      label: conflict.label, value: conflict[conflict.take].label })}</span>
    ${panel.readonly ? nothing : html`<button class="ghost" @click=${() => act(panel, 'settle_conflict', { slot: conflict.slot, take: other })}>
      ${t('conflict.other', { value: conflict[other].label })}</button>`}</p>`;
}
