// Today's calls by guide against the usual, how they end, where they stop, and what no guide helped.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { get } from '../ask.js';
import { linkTo } from '../server.js';
import './funnel-view.js';

const AGAIN_MS = 30000;

export class TopicsView extends LitElement {
  static properties = { t: { attribute: false }, topics: { state: true }, needs: { state: true }, failed: { state: true }, guide: { state: true } };

  static styles = [base, css`
    :host { background: var(--bg); }
    .page { width: min(100% - 32px, 1180px); margin: 0 auto; padding: var(--s-4) 0 var(--s-7); display: grid; gap: var(--s-5); }
    .card { overflow-x: auto; }
    table { width: 100%; border-collapse: collapse; }
    caption { text-align: start; padding: var(--s-3) var(--s-4); font-weight: var(--w-strong); }
    th, td { padding: 8px var(--s-4); text-align: end; white-space: nowrap; border-top: 1px solid var(--line); }
    th { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-2); border-top: 0; }
    th:first-child, td:first-child { text-align: start; white-space: normal; min-width: 180px; }
    tbody th { font-size: var(--t-md); color: var(--ink); border-top: 1px solid var(--line); }
    tr.surge { background: var(--warn-soft); }
    .name { display: flex; gap: var(--s-2); align-items: center; }
    h2 { padding: var(--s-3) var(--s-4); }
    li { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 2px var(--s-3); padding: 8px var(--s-4); border-top: 1px solid var(--line); }
    li a { color: var(--accent-ink); text-underline-offset: 3px; }
    li .sub { grid-column: 2; font-size: var(--t-sm); color: var(--ink-2); }
    .none { padding: var(--s-5) var(--s-4); text-align: center; color: var(--ink-2); }
    .none strong { display: block; color: var(--ink); font-weight: var(--w-medium); }
  `];

  constructor() {
    super();
    this.topics = null;
    this.needs = null;
    this.failed = null;
    this.guide = '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.#load();
    this.loading = setInterval(() => this.#load(), AGAIN_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.loading);
  }

  async #load() {
    try {
      const [{ topics }, { needs }] = await Promise.all([get('/api/wall/topics'), get('/api/wall/uncovered')]);
      this.topics = topics;
      this.needs = needs;
      this.failed = null;
    } catch (error) {
      this.failed = error;
    }
  }

  render() {
    const { t } = this;
    if (!this.topics) {
      return html`<p class="none">${this.failed ? html`<strong>${t('failed')}</strong><button class="plain" @click=${this.#load}>${t('again')}</button>` : t('loading')}</p>`;
    }
    const title = this.topics.find((topic) => topic.guide === this.guide)?.title || this.guide;
    return html`<div class="page">
      <div class="card">${this.topics.length ? this.#table() : html`<p class="none"><strong>${t('topics.empty')}</strong>${t('topics.empty.text')}</p>`}</div>
      ${this.guide ? html`<funnel-view .guide=${this.guide} .title=${title} .t=${t} @close-funnel=${() => (this.guide = '')}></funnel-view>` : nothing}
      <section class="card"><h2>${t('needs')}</h2>${this.#needs()}</section></div>`;
  }

  #table() {
    const { t } = this;
    return html`<table><caption>${t('topics.caption')}</caption>
      <thead><tr><th scope="col">${t('topic')}</th><th scope="col">${t('topic.calls')}</th><th scope="col" title=${t('topic.usual.text')}>${t('topic.usual')}</th>
        <th scope="col" title=${t('topic.fcr.text')}>${t('topic.fcr')}</th><th scope="col">${t('topic.tickets')}</th><th scope="col">${t('topic.handed')}</th><th scope="col">${t('topic.uncovered')}</th></tr></thead>
      <tbody class="num">${this.topics.map((topic) => this.#topic(topic))}</tbody></table>`;
  }

  #topic(topic) {
    const { t } = this;
    const share = (n) => (topic.wrapped ? html`${n}<span class="quiet"> · ${percent(n / topic.wrapped)}</span>` : '–');
    return html`<tr class=${topic.surge ? 'surge' : ''}>
      <th scope="row"><span class="name">${topic.guide ? html`<button class="link" title=${t('topic.steps')} @click=${() => (this.guide = topic.guide)}>${topic.title || topic.guide}</button>` : t('topic.none')}
        ${topic.surge ? html`<span class="tag warn">${t('topic.surge')}</span>` : nothing}</span></th>
      <td>${topic.calls}</td><td>${topic.usual ?? '–'}</td>
      <td>${topic.first_contact === null ? '–' : html`${percent(topic.first_contact)}<span class="quiet"> ${t('topic.judged', { n: topic.judged })}</span>`}</td>
      <td>${topic.tickets}</td><td>${share(topic.handed_off)}</td><td>${share(topic.uncovered)}</td></tr>`;
  }

  #needs() {
    const { t } = this;
    if (!this.needs.length) return html`<p class="none">${t('needs.empty')}</p>`;
    return html`<ul>${this.needs.map((need) => html`<li><span class="tag num">${t('needs.calls', { n: need.calls.length })}</span>
      <a href=${linkTo(`/panel?call=${encodeURIComponent(need.calls[0])}&readonly=1`)}>${need.questions[0]}</a>
      ${need.questions.slice(1).map((text) => html`<span class="sub">${text}</span>`)}</li>`)}</ul>`;
  }
}

export const percent = (share) => `${Math.round(share * 100)} %`;

customElements.define('topics-view', TopicsView);
