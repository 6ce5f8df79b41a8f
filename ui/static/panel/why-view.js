// Why this guide: the question it resembles, how much each signal of search spoke for it, what the
// record says, and the caller's own words.

import { html, css, nothing } from '../vendor/lit.js';
import { quote } from './evidence.js';
import { reasons } from './reasons.js';
import { scoreMeter } from './suggestion-chips.js';

const LEAST = 0.005; // less would be shown as 0 %

export const whyStyles = css`
  .why { background: var(--inset); border-radius: var(--r-2); padding: var(--s-2) var(--s-3); margin: var(--s-2) 0 0; font-size: var(--t-sm); }
  .why blockquote { margin: 1px 0 5px; font-weight: var(--w-medium); }
  .why .heard { margin-top: 6px; }
  .shares { display: grid; grid-template-columns: auto minmax(40px, 1fr) auto; gap: 2px var(--s-2); align-items: center; margin-top: 4px; font-size: var(--t-xs); color: var(--ink-2); }
  .shares meter { width: 100%; }
  .shares dt, .shares dd { display: contents; }
`;

export function why(page, t) {
  const { match, evidence } = page;
  return html`<div class="why" id="why">
    ${match?.question
      ? html`<p class="quiet">${t('guide.why.match')}</p>
          <blockquote>${match.question}</blockquote>
          ${scoreMeter(match.score, t)}`
      : html`<p>${t(page.by === 'agent' ? 'guide.why.agent' : 'guide.why.system')}</p>`}
    ${shares(page.shares, t)}
    ${match?.why?.length ? html`<p class="quiet heard">${t('guide.why.record')}</p>${reasons(match.why, t)}` : nothing}
    ${evidence ? html`<p class="quiet heard">${t('guide.why.heard')}</p>${quote(evidence, t)}` : nothing}
  </div>`;
}

/** Of all that spoke for the guide in those words, how much each signal did; the strongest first. */
function shares(given, t) {
  const each = Object.entries(given ?? {}).filter(([, share]) => share >= LEAST);
  if (!each.length) return nothing;
  each.sort(([, a], [, b]) => b - a);
  return html`<p class="quiet heard">${t('guide.why.shares')}</p>
    <dl class="shares">${each.map(([name, share]) => {
      const [label, percent] = [t.or(`signal.${name}`, name), Math.round(share * 100)];
      return html`<dt><span title=${t.or(`signal.${name}.how`, '')}>${label}</span></dt>
        <dd><meter min="0" max="100" .value=${percent} aria-label=${label}></meter><span class="num">${percent}%</span></dd>`;
    })}</dl>`;
}
