// The first page: what is wrong with the house (if anything), live calls, demo calls, recent calls.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, phone } from '../design/base.js';
import { TROUBLE_TEXTS } from '../trouble-texts.js';
import { troubleNote, troubleStyles } from '../panel/trouble-note.js';
import { linkTo } from '../server.js';
import { getJson, me } from '../shell/api.js';
import { wordsOf } from '../words.js';
import '../shell/role-home.js';
import { CallsFeed } from './calls-feed.js';
import { START_TEXTS } from './start-texts.js';
import './demo-list.js';
import '../vendor/page-icons.js';

const Words = wordsOf({ ...TROUBLE_TEXTS, ...START_TEXTS });

const HEALTH_EVERY_MS = 15000;
const PARTS = ['speech', 'index', 'desk'];
const SEES_CALLS = ['agent', 'elite', 'trainer', 'supervisor'];
const TALKS = ['agent', 'elite'];
const PLAYS_DEMOS = ['agent', 'elite', 'trainer'];

export class StartPage extends LitElement {
  static properties = { person: { state: true }, calls: { state: true }, reachable: { state: true }, health: { state: true }, guides: { state: true }, mic: { state: true } };

  static styles = [base, troubleStyles, css`
    main { width: min(100% - 32px, 920px); margin: 0 auto; padding: var(--s-5) 0 var(--s-7); }
    h2 { font-size: var(--t-sm); font-weight: var(--w-strong); color: var(--ink-2); margin-bottom: var(--s-2); display: flex; gap: var(--s-2); align-items: center; min-height: 32px; }
    .mic { margin-inline-start: auto; display: inline-flex; gap: 6px; align-items: center; color: var(--accent-ink); font-weight: var(--w-medium); text-decoration: none; }
    .mic:hover { text-decoration: underline; text-underline-offset: 3px; }
    section { margin-bottom: var(--s-6); }
    .card { overflow: hidden; }
    .troubles { display: grid; gap: var(--s-2); margin-bottom: var(--s-5); }
    .troubles .trouble { margin: 0; }
    li + li { border-top: 1px solid var(--line); }
    a.call { display: grid; grid-template-columns: auto minmax(0, 1fr) auto auto; gap: 0 var(--s-3); align-items: center; padding: 10px var(--s-3) 10px var(--s-4); color: inherit; text-decoration: none; transition: background var(--fast); }
    a.call:hover { background: var(--inset); }
    a.call:focus-visible { outline-offset: -2px; }
    .dot { width: 8px; height: 8px; border-radius: 50%; background: var(--field-line); }
    .live .dot { background: var(--ok); box-shadow: 0 0 0 4px var(--ok-soft); }
    .broken_off .dot { background: var(--bad); }
    .what { font-weight: var(--w-medium); }
    .sub { font-size: var(--t-xs); color: var(--ink-3); }
    .chevron { color: var(--ink-3); }
    .none { padding: var(--s-5) var(--s-4); text-align: center; color: var(--ink-2); font-size: var(--t-sm); }
    .none strong { display: block; font-weight: var(--w-medium); color: var(--ink); }
    .grid { display: grid; gap: 0 var(--s-6); align-items: start; }
    @media (min-width: 760px) { .grid { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
  `];

  constructor() {
    super();
    new Words(this);
    this.calls = null;
    this.reachable = true;
    this.health = {};
    this.guides = {};
  }

  connectedCallback() {
    super.connectedCallback();
    this.feed = new CallsFeed({ onCalls: (calls) => (this.calls = calls), onReachable: (yes) => (this.reachable = yes) });
    me().then((person) => {
      this.person = person;
      if (this.#is(SEES_CALLS)) this.feed.start();
      if (this.#is(TALKS)) getJson('/api/mic').then(({ open }) => (this.mic = open), () => {});
    }, () => (this.reachable = false));
    getJson('/api/guides').then(({ guides }) => (this.guides = Object.fromEntries(guides.map((g) => [g.id, g.title]))), () => {});
    const check = () => getJson('/health').then((health) => (this.health = health), () => {});
    check();
    this.checking = setInterval(check, HEALTH_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.feed.stop();
    clearInterval(this.checking);
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.t('app');
  }

  #is(roles) {
    return this.person?.roles.some((role) => roles.includes(role)) ?? false;
  }

  render() {
    const { t, calls } = this;
    const live = calls?.filter((call) => call.status === 'live') ?? [];
    const recent = calls?.filter((call) => call.status !== 'live') ?? [];
    if (this.person && !this.#is(SEES_CALLS)) {
      return html`<main>${this.#troubles()}<role-home .person=${this.person} .language=${this.t.lang}></role-home></main>`;
    }
    return html`<main><h1 class="sr">${t('app')}</h1>
      ${this.#troubles()}
      <section><h2>${t('start.live')}${this.mic ? html`<a class="mic" href=${linkTo('/mic')}>${icon('headset', 15)}${t('start.mic')}</a>` : nothing}</h2>
        ${live.length
          ? html`<ul class="card">${live.map((call) => this.#call(call))}</ul>`
          : html`<div class="card none">${calls ? html`<strong>${t('start.none')}</strong>${t('start.none.text')}` : t('start.loading')}</div>`}
      </section>
      <div class="grid">
        ${this.#is(PLAYS_DEMOS) ? html`<section><demo-list .t=${t}></demo-list></section>` : nothing}
        <section><h2>${t('start.recent')}</h2>
          ${recent.length
            ? html`<ul class="card">${recent.slice(0, 20).map((call) => this.#call(call))}</ul>`
            : html`<div class="card none">${t(calls ? 'start.recent.none' : 'start.loading')}</div>`}
        </section>
      </div>
    </main>`;
  }

  #troubles() {
    const { t } = this;
    const down = PARTS.filter((part) => ['missing', 'down'].includes(this.health[part]));
    if (this.reachable && !down.length) return nothing;
    return html`<div class="troubles">
      ${this.reachable ? nothing : troubleNote({ message: t('start.failed'), remedy: t('start.failed.text') }, t, nothing, 'warn')}
      ${down.map((part) => troubleNote({ message: t(`health.${part}`), remedy: t(`health.${part}.remedy`) }, t))}</div>`;
  }

  #call(call) {
    const { t } = this;
    const guide = this.guides[call.guide] || call.guide;
    const began = call.started_at ? new Date(call.started_at) : null;
    const when = began?.toLocaleString(t.tag, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
    return html`<li><a class="call ${call.status}" href=${linkTo(`/panel?call=${encodeURIComponent(call.id)}`)}>
      <span class="dot" title=${t(`status.${call.status}`)}></span>
      <div><p class="what clip">${guide || t('start.noguide')}</p>
        <p class="sub num clip">${[phone(call.number), when, call.agent].filter(Boolean).join(' · ')}</p></div>
      ${call.ticket
        ? html`<span class="tag ok num">${call.ticket}</span>`
        : call.outcome ? html`<span class="tag">${t(`outcome.${call.outcome}`)}</span>` : html`<span></span>`}
      <span class="chevron">${icon('chevron-right', 15)}</span></a></li>`;
  }
}

customElements.define('start-page', StartPage);
