// Guides that might fit, best first, quietly. Before the first word they come from the customer's
// record, with what in it speaks for them; then from the conversation, with the question they are like.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act } from './act.js';
import { reasons, reasonStyles } from './reasons.js';

export class SuggestionChips extends LitElement {
  static properties = {
    suggested: { attribute: false }, // not `matches`: every element has a method of that name
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
  };

  static styles = [base, reasonStyles, css`
    h2 { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-3); margin-bottom: var(--s-1);
      display: flex; align-items: center; gap: 5px; }
    ul { display: grid; gap: 6px; }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: start; border-radius: var(--r-2);
      border: 1px solid var(--line); background: var(--surface); }
    li.record { border-style: dashed; border-color: var(--field-line); background: var(--inset); }
    .open { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s-3);
      padding: 7px 0 7px var(--s-3); text-align: start; border-radius: var(--r-2); }
    div.open { padding-inline-end: var(--s-3); }
    .open:hover { background: var(--hover); }
    .title { font-weight: var(--w-medium); display: flex; gap: var(--s-2); align-items: center; }
    .why { grid-column: 1 / -1; font-size: var(--t-xs); color: var(--ink-3); }
    .away { margin: 5px 5px 0 2px; min-height: 26px; width: 26px; }
    .score { display: flex; align-items: center; gap: 6px; font-size: var(--t-xs); color: var(--ink-2); }
    meter { width: 34px; height: 5px; border: 0; border-radius: 3px; background: var(--hover); }
    meter::-webkit-meter-bar { background: var(--hover); border: 0; border-radius: 3px; height: 5px; }
    meter::-webkit-meter-optimum-value { background: var(--ink-3); border-radius: 3px; }
    meter::-moz-meter-bar { background: var(--ink-3); border-radius: 3px; }
    li:first-child meter::-webkit-meter-optimum-value { background: var(--accent); }
    li:first-child meter::-moz-meter-bar { background: var(--accent); }
  `];

  render() {
    const { t, suggested: matches } = this;
    if (!matches.length) return nothing;
    const title = t(matches.some((match) => match.question) ? 'suggest.title' : 'suggest.record');
    return html`<section aria-label=${title}>
      <h2>${matches.some((match) => match.question) ? nothing : icon('database', 13)}${title}</h2>
      <ul>${matches.map((match, i) => this.#chip(match, i))}</ul>
    </section>`;
  }

  #chip(match, i) {
    const { t } = this;
    const title = match.title || match.guide;
    const keys = this.keys && !this.readonly;
    const inside = html`<span class="title"><span class="clip">${title}</span>${i < 3 && keys ? kbd(`⇧${i + 1}`) : nothing}</span>
        ${match.question ? scoreMeter(match.score, t) : nothing}
        ${match.question ? html`<span class="why clip">${t('suggest.like', { question: match.question })}</span>` : nothing}
        ${reasons(match.why, t)}`;
    const look = match.question ? 'heard' : 'record';
    if (this.readonly) return html`<li class=${look}><div class="open">${inside}</div></li>`;
    return html`<li class=${look}>
      <button class="open" @click=${() => act(this, 'open_guide', { guide: match.guide })}>${inside}</button>
      <button class="icon-button away" ?disabled=${this.busy?.has(`close_guide/${match.guide}`)}
        aria-label=${t('suggest.away', { title })} title=${t('suggest.away', { title })}
        @click=${() => act(this, 'close_guide', { guide: match.guide })}>${icon('x', 14)}</button>
    </li>`;
  }
}

export function scoreMeter(score, t) {
  const percent = Math.round(score * 100);
  return html`<span class="score num" title=${`${t('score')} ${percent}%`}>
    <meter min="0" max="100" .value=${percent} aria-label=${t('score')}></meter>${percent}%</span>`;
}

customElements.define('suggestion-chips', SuggestionChips);
