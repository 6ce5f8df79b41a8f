// Tickets: the list with its filters at /tickets, one of them at /tickets/NUMBER.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { get } from '../ask.js';
import { linkTo, pathHere } from '../server.js';
import { moment } from '../spans.js';
import { wordsOf } from '../words.js';
import { due, dueStyles, priority } from './parts.js';
import { TICKETS_TEXTS } from './tickets-texts.js';
import './ticket-view.js';

const Words = wordsOf(TICKETS_TEXTS);
const AGAIN_MS = 30000;
const PAGE = 50;
const STATES = ['filed', 'dispatched', 'recovered', 'review', 'suspended', 'closed'];
const FILTERS = ['state', 'type', 'level', 'unit', 'priority', 'overdue', 'customer', 'call'];

export class TicketsPage extends LitElement {
  static properties = { number: { state: true }, found: { state: true }, choices: { state: true }, filter: { state: true }, offset: { state: true }, failed: { state: true } };

  static styles = [base, dueStyles, css`
    main { width: min(100% - 32px, 1240px); margin: 0 auto; padding: var(--s-4) 0 var(--s-7); display: grid; gap: var(--s-3); }
    .top { display: flex; gap: var(--s-3); align-items: baseline; }
    h1 { font-size: var(--t-lg); }
    form { display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-3); align-items: end; }
    label { display: grid; gap: 2px; font-size: var(--t-xs); color: var(--ink-2); }
    label.check { display: flex; align-items: center; gap: 6px; min-height: 34px; font-size: var(--t-sm); }
    select { color: var(--ink); min-width: 110px; font-size: var(--t-sm); }
    .check input { width: auto; min-height: 0; }
    .card { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; }
    th, td { padding: 8px var(--s-3); text-align: start; border-top: 1px solid var(--line); vertical-align: top; font-size: var(--t-sm); }
    th:first-child, td:first-child { padding-inline-start: var(--s-4); }
    thead th { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-2); border-top: 0; white-space: nowrap; }
    tbody tr:hover { background: var(--inset); }
    td a { color: var(--accent-ink); text-decoration: none; white-space: nowrap; }
    td a:hover { text-decoration: underline; text-underline-offset: 3px; }
    .sub { display: block; font-size: var(--t-xs); color: var(--ink-2); }
    .foot { display: flex; gap: var(--s-3); align-items: center; justify-content: end; font-size: var(--t-sm); color: var(--ink-2); }
    .none { padding: var(--s-7) var(--s-4); text-align: center; color: var(--ink-2); }
    .none strong { display: block; color: var(--ink); font-weight: var(--w-medium); }
    .back { display: inline-flex; gap: 4px; align-items: center; color: var(--accent-ink); text-decoration: none; font-size: var(--t-sm); }
  `];

  constructor() {
    super();
    new Words(this);
    this.found = null;
    this.choices = { types: {}, units: [] };
    this.onPlace = () => this.#place();
    this.#place();
  }

  #place() {
    this.number = decodeURIComponent(pathHere().match(/^\/tickets\/(.+)$/)?.[1] ?? '');
    const asked = new URLSearchParams(location.search);
    this.filter = Object.fromEntries(FILTERS.filter((name) => asked.get(name)).map((name) => [name, asked.get(name)]));
    this.offset = Number(asked.get('offset')) || 0;
    if (this.isConnected) this.#load();
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('popstate', this.onPlace);
    get('/api/ticket-choices').then((choices) => (this.choices = choices), () => {});
    this.#load();
    this.loading = setInterval(() => this.#load(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('popstate', this.onPlace);
    clearInterval(this.loading);
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.number || this.t('title');
  }

  async #load() {
    if (this.number) return;
    const asked = new URLSearchParams({ state: 'open', ...this.filter, limit: PAGE, offset: this.offset });
    if (asked.get('state') === 'any') asked.delete('state');
    const query = asked.toString();
    this.query = query;
    try {
      const found = await get(`/api/tickets?${query}`);
      if (query === this.query) Object.assign(this, { found, failed: false });
    } catch {
      if (query === this.query) this.failed = true;
    }
  }

  #go(path) {
    history.pushState(null, '', linkTo(path));
    this.#place();
  }

  #filtered(event) {
    const data = new FormData(event.currentTarget);
    const chosen = [...data].filter(([, value]) => value);
    this.#go(`/tickets?${new URLSearchParams(chosen)}`);
  }

  #open(event, number) {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.#go(`/tickets/${encodeURIComponent(number)}`);
  }

  #back(event) {
    event.preventDefault();
    this.#go('/tickets');
  }

  render() {
    const { t } = this;
    if (this.number) {
      return html`<main><a class="back" href=${linkTo('/tickets')} @click=${this.#back}>${icon('chevron-left', 14)}${t('back')}</a>
        <ticket-view .number=${this.number} .choices=${this.choices} .t=${t}></ticket-view></main>`;
    }
    return html`<main><div class="top"><h1>${t('title')}</h1>${this.found ? html`<span class="quiet num">${t('count', { n: this.found.count })}</span>` : nothing}</div>
      ${this.#filters()}<div class="card">${this.#list()}</div>${this.#pages()}</main>`;
  }

  #filters() {
    const { t, filter, choices } = this;
    const select = (name, options, none = t('f.any'), value = filter[name] ?? '') => html`<label>${t(`f.${name}`)}<select name=${name}>
      <option value="">${none}</option>${options.map(([key, label]) => html`<option value=${key} ?selected=${key === value}>${label}</option>`)}</select></label>`;
    return html`<form aria-label=${t('filters')} @change=${this.#filtered} @submit=${(event) => event.preventDefault()}>
      ${select('state', [['any', t('f.any')], ...STATES.map((state) => [state, t(`state.${state}`)])], t('f.open'))}
      ${select('type', Object.entries(choices.types))}
      ${select('level', ['group', 'province', 'city'].map((level) => [level, t(`level.${level}`)]))}
      ${select('unit', choices.units.map((unit) => [unit, unit]))}
      ${select('priority', ['urgent', 'high', 'normal', 'low'].map((each) => [each, t(`priority.${each}`)]))}
      <label class="check"><input type="checkbox" name="overdue" value="true" .checked=${filter.overdue === 'true'}>${t('f.overdue')}</label>
      ${Object.keys(filter).length ? html`<button type="button" class="ghost" @click=${() => this.#go('/tickets')}>${t('f.clear')}</button>` : nothing}</form>`;
  }

  #list() {
    const { t, found } = this;
    if (this.failed && !found) return html`<p class="none"><strong>${t('failed')}</strong><button class="plain" @click=${this.#load}>${t('again')}</button></p>`;
    if (!found) return html`<p class="none">${t('loading')}</p>`;
    if (!found.tickets.length) return html`<p class="none"><strong>${t('empty')}</strong>${t('empty.text')}</p>`;
    const head = ['number', 'title', 'state', 'where', 'priority', 'filed', 'due'];
    return html`<table aria-label=${t('list')}><thead><tr>${head.map((name) => html`<th scope="col">${t(`col.${name}`)}</th>`)}</tr></thead>
      <tbody class="num">${found.tickets.map((ticket) => this.#ticket(ticket))}</tbody></table>`;
  }

  #ticket(ticket) {
    const { t } = this;
    const type = this.choices.types[ticket.type] ?? ticket.type;
    return html`<tr><td><a href=${linkTo(`/tickets/${encodeURIComponent(ticket.number)}`)} @click=${(event) => this.#open(event, ticket.number)}>${ticket.number}</a></td>
      <td>${ticket.title}${type === ticket.title ? nothing : html`<span class="sub">${type}</span>`}</td><td>${t(`state.${ticket.state}`)}</td>
      <td>${ticket.unit || '–'}<span class="sub">${t(`level.${ticket.level}`)}</span></td><td>${priority(ticket, t)}</td>
      <td>${moment(ticket.filed_at, t)}</td><td>${due(ticket, Date.parse(this.found.now), t)}<span class="sub">${moment(ticket.due_at, t)}</span></td></tr>`;
  }

  #pages() {
    const { t, found, offset } = this;
    if (!found || found.count <= PAGE) return nothing;
    const to = (at) => this.#go(`/tickets?${new URLSearchParams({ ...this.filter, offset: at })}`);
    return html`<div class="foot"><button class="plain" ?disabled=${offset === 0} @click=${() => to(Math.max(0, offset - PAGE))}>${t('page.back')}</button>
      <span class="num">${t('page.at', { from: offset + 1, to: Math.min(offset + PAGE, found.count), count: found.count })}</span>
      <button class="plain" ?disabled=${offset + PAGE >= found.count} @click=${() => to(offset + PAGE)}>${t('page.next')}</button></div>`;
  }
}

customElements.define('tickets-page', TicketsPage);
