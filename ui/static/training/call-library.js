// <call-library>: stored calls with filters, sorting and pages; what is chosen stands in the address.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { roomStyles, when } from './parts.js';

const PAGE = 25;
const LENGTHS = { short: ['', '120'], middle: ['120', '300'], long: ['300', ''] };
const COLUMNS = [['started', 'started'], ['call', ''], ['agent', 'agent'], ['outcome', ''], ['length', 'length'], ['troubles', 'troubles'], ['marks', '']];

export class CallLibrary extends LitElement {
  static properties = { t: { attribute: false }, asking: { attribute: false }, asked: { state: true }, found: { state: true } };

  static styles = [base, roomStyles, css`
    :host { display: grid; gap: var(--s-4); }
    form { display: grid; grid-template-columns: repeat(auto-fill, minmax(132px, 1fr)); gap: var(--s-2) var(--s-3); padding: var(--s-3) var(--s-4) var(--s-4); align-items: end; }
    .check { display: flex; gap: var(--s-2); align-items: center; min-height: 34px; font-size: var(--t-sm); color: var(--ink); white-space: nowrap; }
    .check input { width: 16px; min-height: 16px; margin: 0; }
    .check input:focus { box-shadow: none; outline: 2px solid var(--focus); outline-offset: 2px; }
    .foot { display: flex; gap: var(--s-3); align-items: center; justify-content: flex-end; font-size: var(--t-sm); color: var(--ink-2); }
    .what { min-width: 18ch; }
    .what a { font-weight: var(--w-medium); }
    td .tag + .tag { margin-inline-start: 4px; }
  `];

  constructor() {
    super();
    this.found = null;
    this.asked = Object.fromEntries(new URLSearchParams(location.search));
  }

  firstUpdated() {
    this.load();
  }

  /** Changes what is asked for; another page only where `offset` is what changes. */
  #ask(change) {
    const asked = { ...this.asked, offset: '0', ...change };
    this.asked = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== '' && value !== '0'));
    const query = new URLSearchParams(this.asked);
    history.replaceState(null, '', `?${query}#library`);
    this.load();
  }

  async load() {
    const { length, ...rest } = this.asked;
    const [least_s, most_s] = LENGTHS[length] ?? ['', ''];
    const query = new URLSearchParams({ ...rest, ...(least_s && { least_s }), ...(most_s && { most_s }), limit: PAGE });
    const found = await this.asking(`/api/training/library?${query}`);
    if (found) this.found = found;
  }

  #sort(name) {
    const same = (this.asked.sort ?? 'started') === name;
    const down = (this.asked.descending ?? 'true') === 'true';
    this.#ask({ sort: name, descending: String(same ? !down : name !== 'agent') });
  }

  render() {
    const { t, found } = this;
    return html`${this.#filters()}
      <section class="card" aria-busy=${!found} aria-label=${t('tab.library')}>
        ${!found ? html`<p class="none">${t('loading')}</p>` : found.calls.length ? this.#table() : html`<div class="none">${icon('search', 22)}<strong>${t('library.none')}</strong><span>${t('library.none.text')}</span></div>`}
      </section>
      ${found?.count ? this.#pages() : nothing}`;
  }

  #filters() {
    const { t, found } = this;
    const guides = Object.entries(found?.guides ?? {}).sort((a, b) => a[1].localeCompare(b[1]));
    const pick = (name, options) => html`<label class="field">${t(`filter.${name}`)}
      <select name=${name} aria-label=${t(`filter.${name}`)} @change=${({ target }) => this.#ask({ [name]: target.value })}>
        <option value="">${t('filter.any')}</option>
        ${options.map(([value, text]) => html`<option value=${value} ?selected=${this.asked[name] === value}>${text}</option>`)}</select></label>`;
    const day = (name, label) => html`<label class="field">${t(label)}<input type="date" name=${name} .value=${this.asked[name] ?? ''} @change=${({ target }) => this.#ask({ [name]: target.value })}></label>`;
    const yesNo = [['yes', t('yes')], ['no', t('no')]];
    return html`<form class="card" aria-label=${t('library.filters')} @submit=${(event) => event.preventDefault()}>
      ${pick('guide', [...guides, ['none', t('filter.guide.none')]])}
      ${pick('outcome', ['solved', 'ticket', 'escalated', 'uncovered', 'none'].map((name) => [name, t(`outcome.${name}`)]))}
      ${pick('lang', [['zh', '中文'], ['en', 'English']])}
      ${pick('length', Object.keys(LENGTHS).map((name) => [name, t(`length.${name}`)]))}
      ${pick('agent', (found?.agents ?? []).map((name) => [name, name]))}
      ${pick('ticket', yesNo)}${pick('mood', [['angry', t('mood.angry')], ['calm', t('mood.calm')]])}${pick('troubles', yesNo)}
      ${day('from_date', 'filter.from')}${day('to_date', 'filter.to')}
      <label class="check"><input type="checkbox" .checked=${this.asked.cases === 'true'} @change=${({ target }) => this.#ask({ cases: target.checked ? 'true' : '' })}>${t('filter.cases')}</label>
      ${Object.keys(this.asked).length ? html`<button type="button" class="ghost" @click=${this.#clear}>${icon('x', 14)}${t('library.clear')}</button>` : nothing}
    </form>`;
  }

  #clear() {
    this.asked = {};
    this.renderRoot.querySelector('form').reset();
    this.#ask({});
  }

  #table() {
    const { t } = this;
    const sort = this.asked.sort ?? 'started';
    const down = (this.asked.descending ?? 'true') === 'true';
    const head = ([name, by]) => html`<th class=${['length', 'troubles'].includes(name) ? 'number' : ''} aria-sort=${by && by === sort ? (down ? 'descending' : 'ascending') : nothing}>
      ${by ? html`<button aria-label=${t('library.sort', { column: t(`column.${name}`) })} @click=${() => this.#sort(by)}>${t(`column.${name}`)}${by === sort ? icon(down ? 'chevron-down' : 'chevron-up', 13) : nothing}</button>` : t(`column.${name}`)}</th>`;
    return html`<div class="scroll"><table><thead><tr>${COLUMNS.map(head)}</tr></thead>
      <tbody>${this.found.calls.map((call) => this.#row(call))}</tbody></table></div>`;
  }

  #row(call) {
    const { t, found } = this;
    const title = call.case?.title || found.guides[call.guide] || call.guide || t('filter.guide.none');
    return html`<tr>
      <td class="num">${when(call.started_at, t.lang)}</td>
      <td class="what"><a class="to" href=${linkTo(`/training/calls/${encodeURIComponent(call.call)}`)}>${title}</a> <small>${call.lang === 'en' ? 'English' : '中文'}</small></td>
      <td>${call.agent}</td>
      <td>${t(`outcome.${call.outcome || 'none'}`)} ${call.ticket ? html`<small class="num">${call.ticket}</small>` : nothing}</td>
      <td class="number">${clock(call.length_ms)}</td>
      <td class="number">${call.troubles || ''}</td>
      <td>${call.case ? html`<span class="tag ok">${t('mark.case')}</span>` : nothing}${call.sound ? html`<span class="tag">${t('mark.sound')}</span>` : nothing}${call.angry ? html`<span class="tag warn">${t('mark.angry')}</span>` : nothing}</td></tr>`;
  }

  #pages() {
    const { t, found } = this;
    const { offset, count, calls } = found;
    return html`<div class="foot"><span role="status" class="num">${t('library.page', { from: offset + 1, to: offset + calls.length, count })}</span>
      <button class="plain" ?disabled=${!offset} @click=${() => this.#ask({ offset: String(Math.max(0, offset - PAGE)) })}>${t('library.newer')}</button>
      <button class="plain" ?disabled=${offset + calls.length >= count} @click=${() => this.#ask({ offset: String(offset + PAGE) })}>${t('library.older')}</button></div>`;
  }
}

customElements.define('call-library', CallLibrary);
