// The supervisor's wall: alerts, the live calls with one of them opened, and today's topics.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { me } from '../ask.js';
import { wordsOf } from '../words.js';
import { WallFeed } from './wall-feed.js';
import { WALL_TEXTS } from './wall-texts.js';
import './alert-list.js';
import './call-view.js';
import './live-table.js';
import './topics-view.js';

const Words = wordsOf(WALL_TEXTS);
const SECOND_MS = 1000;
const SEE_CALLS = ['supervisor', 'elite', 'trainer'];

export class WallPage extends LitElement {
  static properties = { rows: { state: true }, alerts: { state: true }, reachable: { state: true }, now: { state: true }, tab: { state: true }, only: { state: true }, words: { state: true }, open: { state: true }, roles: { state: true } };

  static styles = [base, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr); height: calc(100dvh - 48px); }
    :host([opened]) { grid-template-columns: minmax(0, 1fr) 430px; }
    .left { display: flex; flex-direction: column; min-height: 0; }
    .top { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-4); padding: var(--s-3) var(--s-4); }
    h1 { font-size: var(--t-lg); }
    .tabs { display: flex; gap: 2px; }
    .tabs a { padding: 4px 12px; border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; }
    .tabs a:hover { background: var(--hover); }
    .tabs a[aria-current] { background: var(--accent-soft); color: var(--accent-ink); font-weight: var(--w-medium); }
    .counts { display: flex; gap: var(--s-3); color: var(--ink-2); font-size: var(--t-sm); }
    .counts .help { color: var(--warn-ink); font-weight: var(--w-medium); }
    .find { margin-inline-start: auto; display: flex; gap: var(--s-2); align-items: center; }
    .find input { width: 200px; min-height: 32px; }
    .find select { width: auto; min-height: 32px; }
    alert-list { padding: 0 var(--s-4) var(--s-3); max-height: 148px; overflow-y: auto; flex: none; }
    .lost { display: flex; gap: var(--s-2); padding: var(--s-2) var(--s-4); margin: 0 var(--s-4) var(--s-3); border-radius: var(--r-2); background: var(--warn-soft); border: 1px solid var(--warn-line); color: var(--warn-ink); font-size: var(--t-sm); }
    .calls { flex: 1; min-height: 0; display: grid; border-top: 1px solid var(--line); background: var(--surface); }
    live-table, call-view { min-height: 0; }
    .none { display: grid; place-content: center; justify-items: center; text-align: center; color: var(--ink-2); gap: 2px; padding: var(--s-7); }
    .none strong { color: var(--ink); font-weight: var(--w-medium); }
    topics-view { flex: 1; min-height: 0; overflow: auto; border-top: 1px solid var(--line); }
    @media (max-width: 1060px) {
      :host([opened]) { grid-template-columns: minmax(0, 1fr); }
      :host([opened]) .left { display: none; }
    }
    @media (max-height: 560px) { :host { height: auto; min-height: calc(100dvh - 48px); } .calls { height: 460px; } call-view { min-height: 720px; } }
  `];

  constructor() {
    super();
    new Words(this);
    this.rows = null;
    this.alerts = [];
    this.reachable = true;
    this.now = Date.now();
    this.only = 'all';
    this.words = '';
    this.open = new URLSearchParams(location.search).get('call') ?? '';
    this.roles = null;
    this.onPlace = () => this.#place();
    this.#place();
  }

  #place() {
    this.tab = location.hash === '#topics' ? 'topics' : 'calls';
  }

  connectedCallback() {
    super.connectedCallback();
    this.role = 'main';
    addEventListener('hashchange', this.onPlace);
    this.feed = new WallFeed({
      onRows: (rows) => (this.rows = rows),
      onAlerts: (alerts) => (this.alerts = alerts),
      onReachable: (yes) => (this.reachable = yes),
    });
    this.feed.start();
    this.ticking = setInterval(() => (this.now = Date.now() + this.feed.aheadMs), SECOND_MS);
    me().then(({ roles }) => (this.roles = roles), () => {});
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('hashchange', this.onPlace);
    this.feed.stop();
    clearInterval(this.ticking);
  }

  willUpdate(changed) {
    this.toggleAttribute('opened', Boolean(this.open));
    if (changed.has('rows') || changed.has('only') || changed.has('words')) this.shown = this.#shown();
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.t('title');
  }

  #shown() {
    const words = this.words.trim().toLowerCase();
    const fits = (row) => (this.only === 'all' || row.need > 0)
      && (!words || [row.agent, row.name, row.customer, row.number, row.title, row.step_title].some((text) => text.toLowerCase().includes(words)));
    return new Map([...(this.rows ?? [])].filter(([, row]) => fits(row)));
  }

  async #opened(call) {
    this.open = call;
    history.replaceState(null, '', call ? `?call=${encodeURIComponent(call)}${location.hash}` : location.pathname + location.hash);
    await this.updateComplete;
    const view = this.renderRoot.querySelector('call-view');
    await view?.updateComplete;
    if (call) view?.renderRoot.querySelector('h2').focus();
    else this.renderRoot.querySelector('live-table')?.renderRoot.querySelector('[tabindex="0"]')?.focus();
  }

  render() {
    const { t } = this;
    const tab = (name) => html`<a href="#${name}" aria-current=${this.tab === name ? 'page' : nothing}>${t(`tab.${name}`)}</a>`;
    return html`<div class="left"><div class="top"><h1>${t('title')}</h1><nav class="tabs" aria-label=${t('tabs')}>${tab('calls')}${tab('topics')}</nav>${this.tab === 'calls' ? this.#tools() : nothing}</div>
      ${this.reachable ? nothing : html`<p class="lost" role="status">${icon('plug', 15)}<span>${t('offline')} ${this.rows ? t('offline.text') : nothing}</span></p>`}
      <alert-list .alerts=${this.alerts} .t=${t} ?hidden=${!this.alerts.length}></alert-list>
      ${this.tab === 'topics' ? html`<topics-view .t=${t}></topics-view>` : this.#calls()}</div>
      ${this.open ? this.#call() : nothing}`;
  }

  #tools() {
    const { t } = this;
    const rows = [...(this.rows ?? new Map()).values()];
    const help = rows.filter((row) => row.need > 0).length;
    const after = rows.filter((row) => row.status === 'after_call').length;
    return html`<p class="counts num" aria-live="off"><span>${t('live.count', { n: rows.length - after })}</span>
        ${help ? html`<span class="help">${t('live.help', { n: help })}</span>` : nothing}${after ? html`<span>${t('live.after', { n: after })}</span>` : nothing}</p>
      <div class="find"><select aria-label=${t('filter.label')} @change=${(event) => (this.only = event.target.value)}>
          <option value="all">${t('filter.all')}</option><option value="help">${t('filter.help')}</option></select>
        <input type="search" aria-label=${t('find.label')} placeholder=${t('find.hint')} @input=${(event) => (this.words = event.target.value)}></div>`;
  }

  #calls() {
    const { t } = this;
    return html`<div class="calls">${this.shown.size
      ? html`<live-table .rows=${this.shown} .now=${this.now} .open=${this.open} .t=${t} @open-call=${({ detail }) => this.#opened(detail)}></live-table>`
      : html`<div class="none">${this.#none()}</div>`}</div>`;
  }

  #none() {
    const { t } = this;
    if (!this.rows) return t('loading');
    const why = this.rows.size ? 'empty.filter' : 'empty';
    return html`<strong>${t(why === 'empty' ? 'empty' : 'empty.filter')}</strong><span>${t(why === 'empty' ? 'empty.text' : 'empty.filter.text')}</span>`;
  }

  #call() {
    const { t } = this;
    if (this.roles && !this.roles.some((role) => SEE_CALLS.includes(role))) return html`<p class="none">${t('call.notyours')}</p>`;
    return html`<call-view .call=${this.open} .row=${this.rows?.get(this.open)} .t=${t} @close-call=${() => this.#opened('')}></call-view>`;
  }
}

customElements.define('wall-page', WallPage);
