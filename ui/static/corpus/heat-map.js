// Which scenario's questions are heard as which: a coloured table, so that it can be read without
// seeing it. What stays at home is left pale, for it would outshine what is to be seen.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { studioStyles } from '../studio/studio-styles.js';
import { Words } from './words.js';

const STRONG = 0.05; // a share taken from which the colour is full
const PAIRS = 8;

class HeatMap extends LitElement {
  static properties = { overlap: { attribute: false }, titles: { attribute: false } };
  static styles = [base, studioStyles, css`
    h3 { font-size: var(--t-sm); margin: var(--s-3) 0 var(--s-2); }
    .scroll { overflow-x: auto; }
    table { width: auto; font-size: var(--t-xs); }
    th, td { border: 1px solid var(--line); padding: 3px 6px; text-align: center; min-width: 44px; }
    th[scope=row] { text-align: start; white-space: nowrap; }
    thead th { vertical-align: bottom; max-width: 64px; overflow-wrap: anywhere; }
    .own { background: var(--ok-soft); color: var(--ok-ink); }
    .taken1 { background: var(--warn-soft); color: var(--ink); } .taken2 { background: var(--bad-soft); color: var(--bad-ink); } .taken3 { background: var(--bad); color: var(--surface); font-weight: var(--w-strong); }
    ul { margin-top: var(--s-2); font-size: var(--t-sm); }
    li { padding: 3px 0; }
  `];

  constructor() {
    super();
    new Words(this);
  }

  #name(id) {
    return id === 'none' ? this.t('none.guide') : this.titles[id] || id;
  }

  render() {
    const { t, overlap } = this;
    const { classes, counts, pairs } = overlap;
    return html`<h3>${t(`lang.${overlap.lang}`)} · ${t('overlap.share', { kept: (100 * overlap.kept).toFixed(1), taken: (100 * overlap.taken).toFixed(1) })}</h3>
      <div class="scroll" tabindex="0" role="region" aria-label=${t('overlap.title')}><table><caption class="sr">${t('overlap.caption')}</caption><thead><tr><td></td>${classes.map((id) => html`<th scope="col">${this.#name(id)}</th>`)}</tr></thead>
      <tbody>${counts.map((row, own) => {
        const sum = row.reduce((a, b) => a + b, 0) || 1;
        return html`<tr><th scope="row">${this.#name(classes[own])}</th>${row.map((count, heard) => {
          const share = count / sum;
          const look = !count ? '' : own === heard ? 'own' : `taken${Math.min(3, 1 + Math.floor((2 * share) / STRONG))}`;
          return html`<td class=${look} title=${`${this.#name(classes[own])} → ${this.#name(classes[heard])}: ${count}`}>${count ? `${(100 * share).toFixed(share < 0.1 ? 1 : 0)}%` : nothing}</td>`;
        })}</tr>`;
      })}</tbody></table></div>
      <ul>${pairs.slice(0, PAIRS).map((pair) => html`<li>${t('overlap.pair', { from: this.#name(pair.from), to: this.#name(pair.to), count: pair.count })} <span class="tiny">${pair.rows.map((row) => row.text).join(' / ')}</span></li>`)}</ul>`;
  }
}

customElements.define('heat-map', HeatMap);
