// The customer called on the same matter a few days ago: what was tried then, and whether to go on.

import { css, html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { act } from './act.js';

export const continuationStyles = css`
  .continue { padding: var(--s-3) var(--s-4); margin-bottom: var(--s-2); }
  .continue h2 { display: flex; align-items: center; gap: 6px; font-size: var(--t-md); }
  .continue p, .continue li { font-size: var(--t-sm); color: var(--ink-2); }
  .continue ul { margin: var(--s-2) 0; display: grid; gap: 3px; }
  .continue .row { display: flex; gap: var(--s-2); margin-top: var(--s-2); }
`;

/** The proposal of the page on top, while it is not decided. */
export function continuation(panel, page) {
  const { t, state } = panel;
  const known = state.continuations[page.guide];
  if (!known || known.decision) return nothing;
  const { earlier, days } = known;
  const decide = (decision) => act(panel, 'decide_continuation', { guide: page.guide, decision });
  const busy = (decision) => panel.busy.has(`decide_continuation/${page.guide}/${decision}`);
  const ended = [earlier.outcome && t(`outcome.${earlier.outcome}`), earlier.disposition, earlier.ticket];
  return html`<section class="card continue" aria-label=${t('continue.title')}>
    <h2>${icon('rotate-cw', 15)}${t('continue.title')}</h2>
    <p>${t(days ? 'continue.when' : 'continue.today', { n: days, step: earlier.step_title })}
      ${ended.filter(Boolean).join(' · ')}</p>
    <ul aria-label=${t('continue.tried')}>${earlier.ticks.map((tick) => html`<li>${icon('check', 12)} ${tried(tick, earlier)}</li>`)}</ul>
    ${earlier.slots.length
      ? html`<p>${t('continue.known')} ${earlier.slots.map((slot) => slot.label).join(' · ')}</p>`
      : nothing}
    ${panel.readonly ? nothing : html`<div class="row">
      <button class="primary" ?disabled=${busy('accepted')} @click=${() => decide('accepted')}>${t('continue.accept')}</button>
      <button class="ghost" ?disabled=${busy('declined')} @click=${() => decide('declined')}>${t('continue.decline')}</button>
    </div>`}
  </section>`;
}

/** A step with its answer, or with what was measured and when. */
function tried(tick, earlier) {
  const result = earlier.results.find((other) => other.step === tick.step);
  const time = result?.measured_at.slice(5, 16).replace('T', ' ');
  const said = result ? `${result.summary}${time ? ` (${time})` : ''}` : tick.choice_label;
  return said ? html`${tick.title}: <span class="num">${said}</span>` : tick.title;
}
