// Where something came from, in one quiet line: words heard, a click, a record, the system.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';

export const BY_ICON = {
  heard: 'ear',
  agent: 'mouse-pointer-click',
  record: 'database',
  diagnosis: 'activity',
  system: 'cog',
};

/** Tells the panel to mark or show an utterance in the transcript. Bubbles up to <assist-panel>. */
export function point(target, name, utterance) {
  target.dispatchEvent(
    new CustomEvent(`assist-${name}`, { detail: { utterance }, bubbles: true, composed: true }),
  );
}

/** The heard words as a button: hover marks the line in the transcript, a click goes there. */
export function quote(evidence, t) {
  return html`<button
    type="button"
    class="quote"
    title=${`${t('evidence.jump')} · ${sureness(evidence, t)}`}
    @pointerenter=${(e) => point(e.target, 'mark', evidence.utterance)}
    @pointerleave=${(e) => point(e.target, 'mark', '')}
    @focus=${(e) => point(e.target, 'mark', evidence.utterance)}
    @blur=${(e) => point(e.target, 'mark', '')}
    @click=${(e) => point(e.target, 'jump', evidence.utterance)}
  >${icon('ear', 13)}<span class="clip">${speakerOf(evidence, t)}“${evidence.words}”</span></button>`;
}

export const sureness = (evidence, t) =>
  t('evidence.sure', { percent: Math.round(evidence.confidence * 100) });

const speakerOf = (evidence, t) =>
  evidence.speaker === 'mixed' ? '' : `${t(`speaker.${evidence.speaker}`)} `;

/** What ticked a step. `extra` (a diagnosis summary, a ticket number) says more than the tick. */
export function tickReason(tick, extra, t) {
  if (tick.evidence) return quote(tick.evidence, t);
  const text = extra || (tick.by === 'agent' ? '' : tick.note) || t(`tick.${tick.by === 'heard' ? 'system' : tick.by}`);
  return html`<span class="reason ${tick.by}">${icon(BY_ICON[tick.by] ?? 'cog', 13)}<span class="two">${text}</span></span>`;
}

/** Where a ticket field's value comes from, short. */
export function sourceHint(field, edited, t) {
  if (edited) return html`<span class="hint">${icon('mouse-pointer-click', 12)}${t('ticket.edited')}</span>`;
  if (!field.by || !field.value) return nothing;
  return html`<span class="hint">${icon(BY_ICON[field.by] ?? 'cog', 12)}${t(`source.${field.by}`)}</span>`;
}
