// The backstop queue: what was not resolved, by deadline, and one call of it opened beside.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { get, me } from '../ask.js';
import { wordsOf } from '../words.js';
import { BACKSTOP_TEXTS } from './backstop-texts.js';
import './item-view.js';
import './queue-list.js';

const Words = wordsOf(BACKSTOP_TEXTS);
const AGAIN_MS = 20000;
const PAGE = 100;

export class BackstopPage extends LitElement {
  static properties = { items: { state: true }, count: { state: true }, counts: { state: true }, show: { state: true }, open: { state: true }, failed: { state: true }, me: { state: true }, sees: { state: true }, guides: { state: true }, now: { state: true } };

  static styles = [base, css`
    :host { display: flex; flex-direction: column; height: calc(100dvh - 48px); }
    .top { display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-4); align-items: center; padding: var(--s-3) var(--s-4); border-bottom: 1px solid var(--line); }
    h1 { font-size: var(--t-lg); }
    .counts { font-size: var(--t-sm); color: var(--ink-2); display: flex; gap: var(--s-3); }
    .over { color: var(--bad-ink); font-weight: var(--w-strong); }
    select { width: auto; min-height: 32px; margin-inline-start: auto; }
    .split { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr); background: var(--surface); }
    .split.opened { grid-template-columns: minmax(280px, 380px) minmax(0, 1fr); }
    .list { overflow-y: auto; min-height: 0; }
    .split.opened .list { border-inline-end: 1px solid var(--line); }
    .more { display: block; margin: var(--s-3) auto; }
    .none { padding: var(--s-7) var(--s-4); text-align: center; color: var(--ink-2); }
    .none strong { display: block; color: var(--ink); font-weight: var(--w-medium); }
    .hint { padding: var(--s-2) var(--s-4); font-size: var(--t-xs); color: var(--ink-2); border-top: 1px solid var(--line); }
    @media (max-width: 900px) { .split.opened { grid-template-columns: minmax(0, 1fr); } .split.opened .list { display: none; } }
  `];

  constructor() {
    super();
    new Words(this);
    this.items = null;
    this.count = 0;
    this.counts = { open: 0, claimed: 0, over: 0 };
    this.show = 'queue';
    this.open = new URLSearchParams(location.search).get('call') ?? '';
    this.me = '';
    this.guides = [];
    this.now = Date.now();
    this.wanted = PAGE;
    this.onKey = (event) => this.#key(event);
  }

  connectedCallback() {
    super.connectedCallback();
    this.role = 'main';
    addEventListener('keydown', this.onKey);
    me().then(({ login, roles }) => Object.assign(this, { me: login, sees: roles.includes('elite') || roles.includes('supervisor') }), () => {});
    get('/api/guides').then(({ guides }) => (this.guides = guides), () => {});
    this.#load();
    this.loading = setInterval(() => this.#load(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
    clearInterval(this.loading);
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.t('title');
  }

  async #load() {
    const { show } = this;
    const state = { queue: '', mine: 'claimed', resolved: 'resolved' }[show];
    try {
      const found = await get(`/api/backstop?limit=${this.wanted}${state ? `&state=${state}` : ''}`);
      if (show !== this.show) return;
      this.items = found.calls;
      this.count = found.count;
      this.counts = found.counts;
      this.now = Date.parse(found.now);
      this.failed = false;
    } catch {
      this.failed = true;
    }
  }

  #key(event) {
    const typing = event.composedPath()[0].matches?.('input, textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    const move = { c: 'claim', r: 'return', s: 'resolve' }[event.key.toLowerCase()];
    const item = this.renderRoot.querySelector('item-view');
    if (move && item) {
      event.preventDefault();
      item.begin(move);
    } else if (event.key === 'Escape' && this.open) this.#opened('');
  }

  async #opened(call) {
    this.open = call;
    history.replaceState(null, '', call ? `?call=${encodeURIComponent(call)}` : location.pathname);
    await this.updateComplete;
    if (!call) this.renderRoot.querySelector('queue-list')?.renderRoot.querySelector('a')?.focus();
  }

  render() {
    const { t, counts } = this;
    const choice = (name) => html`<option value=${name}>${t(`show.${name}`)}</option>`;
    return html`<div class="top"><h1>${t('title')}</h1>
        <p class="counts num"><span>${t('counts', counts)}</span>${counts.over ? html`<span class="over">${t('over', { n: counts.over })}</span>` : nothing}</p>
        <select aria-label=${t('show')} @change=${(event) => this.#choose(event.target.value)}>${['queue', 'mine', 'resolved'].map(choice)}</select></div>
      <div class="split ${this.open ? 'opened' : ''}" @open-item=${({ detail }) => this.#opened(detail)} @close-item=${() => this.#opened('')} @moved=${this.#load}>
        <div class="list">${this.#list()}</div>
        ${this.open ? html`<item-view .call=${this.open} .me=${this.me} .sees=${this.sees} .now=${this.now} .guides=${this.guides} .t=${t}></item-view>` : nothing}</div>`;
  }

  #choose(show) {
    this.show = show;
    this.items = null;
    this.wanted = PAGE;
    this.#load();
  }

  #list() {
    const { t } = this;
    if (this.failed && !this.items) return html`<p class="none"><strong>${t('failed')}</strong><button class="plain" @click=${this.#load}>${t('again')}</button></p>`;
    if (!this.items) return html`<p class="none">${t('loading')}</p>`;
    const mine = this.show === 'mine' ? this.items.filter((item) => item.by === this.me) : this.items;
    if (!mine.length) return html`<p class="none"><strong>${t(this.show === 'queue' ? 'empty' : `empty.${this.show}`)}</strong>${this.show === 'queue' ? t('empty.text') : nothing}</p>`;
    const left = this.count - this.items.length;
    return html`<queue-list .items=${mine} .open=${this.open} .now=${this.now} .t=${t}></queue-list>
      ${left > 0 ? html`<button class="plain more" @click=${() => { this.wanted += PAGE; this.#load(); }}>${t('more', { n: Math.min(left, PAGE) })}</button>` : nothing}
      ${this.open ? nothing : html`<p class="hint">${t('choose')} ${t('choose.text')}</p>`}`;
  }
}

customElements.define('backstop-page', BackstopPage);
