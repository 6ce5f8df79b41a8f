// Guides that might fit, best first, quietly: title, how sure, and the question they were matched by.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, kbd } from '../design/base.js';
import { act } from './act.js';

export class SuggestionChips extends LitElement {
  static properties = { matches: { attribute: false }, keys: { type: Boolean }, t: { attribute: false } };

  static styles = [base, css`
    h2 { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-3); margin-bottom: var(--s-1); }
    ul { display: grid; gap: 6px; }
    button { width: 100%; display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s-3);
      padding: 7px var(--s-3); text-align: start; border-radius: var(--r-2); }
    .title { font-weight: var(--w-medium); display: flex; gap: var(--s-2); align-items: center; }
    .why { grid-column: 1 / -1; font-size: var(--t-xs); color: var(--ink-3); }
    .score { display: flex; align-items: center; gap: 6px; font-size: var(--t-xs); color: var(--ink-2); }
    meter { width: 34px; height: 5px; border: 0; border-radius: 3px; background: var(--hover); }
    meter::-webkit-meter-bar { background: var(--hover); border: 0; border-radius: 3px; height: 5px; }
    meter::-webkit-meter-optimum-value { background: var(--ink-3); border-radius: 3px; }
    meter::-moz-meter-bar { background: var(--ink-3); border-radius: 3px; }
    li:first-child meter::-webkit-meter-optimum-value { background: var(--accent); }
    li:first-child meter::-moz-meter-bar { background: var(--accent); }
  `];

  render() {
    const { t, matches } = this;
    if (!matches.length) return nothing;
    return html`<section aria-label=${t('suggest.title')}>
      <h2>${t('suggest.title')}</h2>
      <ul>${matches.map((match, i) => html`<li>
        <button class="plain" @click=${() => act(this, 'open_guide', { guide: match.guide })}>
          <span class="title"><span class="clip">${match.title || match.guide}</span>
            ${i < 3 && this.keys ? kbd(`⇧${i + 1}`) : nothing}</span>
          ${scoreMeter(match.score, t)}
          ${match.question ? html`<span class="why clip">${t('suggest.like', { question: match.question })}</span>` : nothing}
        </button></li>`)}</ul>
    </section>`;
  }
}

export function scoreMeter(score, t) {
  const percent = Math.round(score * 100);
  return html`<span class="score num" title=${`${t('score')} ${percent}%`}>
    <meter min="0" max="100" .value=${percent} aria-label=${t('score')}></meter>${percent}%</span>`;
}

customElements.define('suggestion-chips', SuggestionChips);
