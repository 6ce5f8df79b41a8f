// The steps of one guide, edition by edition: how many calls came to each, and how many went no further.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { get } from '../ask.js';

export class FunnelView extends LitElement {
  static properties = { guide: {}, title: {}, t: { attribute: false }, editions: { state: true }, at: { state: true }, failed: { state: true } };

  static styles = [base, css`
    .bar { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-3); padding: var(--s-2) var(--s-2) var(--s-2) var(--s-4); }
    h2 { flex: 1; }
    label { display: flex; gap: var(--s-2); align-items: center; font-size: var(--t-sm); color: var(--ink-2); }
    select { width: auto; min-height: 30px; }
    table { width: 100%; border-collapse: collapse; }
    th, td { padding: 7px var(--s-4); text-align: end; border-top: 1px solid var(--line); }
    thead th { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-2); }
    th:first-child { text-align: start; font-weight: inherit; }
    meter { width: 130px; height: 12px; vertical-align: middle; margin-inline-end: var(--s-2); }
    meter::-webkit-meter-bar { background: var(--track); border: 0; height: 8px; }
    meter::-webkit-meter-optimum-value { background: var(--accent); }
    td b { display: inline-block; min-width: 3ch; font-weight: inherit; }
    .stopped { color: var(--warn-ink); font-weight: var(--w-medium); }
    .none { padding: var(--s-4); color: var(--ink-2); text-align: center; }
  `];

  willUpdate(changed) {
    if (changed.has('guide')) this.#load();
  }

  async #load() {
    this.editions = null;
    this.failed = false;
    this.at = 0;
    const asked = this.guide;
    try {
      const { editions } = await get(`/api/wall/funnels/${encodeURIComponent(asked)}`);
      if (asked === this.guide) this.editions = editions;
    } catch {
      this.failed = true;
    }
  }

  render() {
    const { t } = this;
    return html`<section class="card"><div class="bar"><h2>${t('funnel', { title: this.title })}</h2>${this.#choice()}
      <button class="icon-button" aria-label=${t('funnel.close')} title=${t('funnel.close')} @click=${() => this.dispatchEvent(new CustomEvent('close-funnel'))}>${icon('x')}</button></div>
      ${this.#body()}</section>`;
  }

  #choice() {
    const { t, editions } = this;
    if (!editions?.length) return nothing;
    const edition = editions[this.at];
    const name = ({ hash, in_use: inUse }) => (inUse ? t('funnel.now', { hash }) : hash);
    return html`<label>${t('funnel.edition')}<select @change=${(event) => (this.at = Number(event.target.value))}>
      ${editions.map((each, i) => html`<option value=${i} ?selected=${i === this.at}>${name(each)}</option>`)}</select></label>
      <span class="quiet num">${t('funnel.calls', edition)}</span>`;
  }

  #body() {
    const { t, editions } = this;
    if (this.failed) return html`<p class="none">${t('failed')} <button class="plain" @click=${this.#load}>${t('again')}</button></p>`;
    if (!editions) return html`<p class="none">${t('loading')}</p>`;
    if (!editions.length) return html`<p class="none">${t('funnel.empty')}</p>`;
    const { calls, steps } = editions[this.at];
    return html`<table><thead><tr><th scope="col">${t('funnel.step')}</th><th scope="col">${t('funnel.shown')}</th><th scope="col">${t('funnel.done')}</th><th scope="col">${t('funnel.stopped')}</th></tr></thead>
      <tbody class="num">${steps.map((step) => html`<tr><th scope="row">${step.title}</th>
        <td><meter min="0" max=${calls} .value=${step.shown} aria-label=${`${step.title}: ${step.shown}`}></meter><b>${step.shown}</b></td><td>${step.done}</td>
        <td class=${step.stopped ? 'stopped' : ''}>${step.stopped || '–'}</td></tr>`)}</tbody></table>`;
  }
}

customElements.define('funnel-view', FunnelView);
