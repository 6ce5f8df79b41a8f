// Every guide there is, live or in the making, with what became of the calls it led.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { getJson } from '../shell/api.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';
import './new-guide.js';
import './studio-nav.js';

const STATES = ['live', 'scheduled', 'expired', 'broken', 'draft', 'review', 'approved', 'problems'];
const TONES = { live: 'ok', scheduled: 'accent', expired: 'warn', broken: 'bad', draft: 'warn', review: 'accent', approved: 'ok' };

class GuideList extends LitElement {
  static properties = { guides: { state: true }, error: { state: true }, words: { state: true }, state: { state: true }, lang: { state: true } };

  static styles = [base, studioStyles, css`
    .page { padding: var(--s-3) var(--s-4) var(--s-6); display: grid; gap: var(--s-3); max-width: 1280px; margin: 0 auto; }
    .find { position: relative; flex: 1 1 240px; max-width: 380px; }
    .find .icon { position: absolute; inset: 9px auto auto 10px; color: var(--ink-3); }
    .find input { padding-inline-start: 32px; min-height: 34px; }
    .card { overflow-x: auto; }
    tbody tr:hover { background: var(--inset); }
    tbody tr:last-child td { border-bottom: 0; }
    td a { color: var(--ink); text-decoration: none; font-weight: var(--w-medium); }
    td a:hover { text-decoration: underline; text-underline-offset: 3px; }
    td .id { display: block; font-family: var(--font-mono); font-size: var(--t-xs); color: var(--ink-3); }
    .chips { display: flex; flex-wrap: wrap; gap: 4px; }
    .rate { color: var(--ink-3); }
    th:first-child, td:first-child { padding-inline-start: var(--s-4); }
    th:last-child, td:last-child { padding-inline-end: var(--s-4); }
    .errors { color: var(--bad-ink); } .warnings { color: var(--warn-ink); }
  `];

  constructor() {
    super();
    new Words(this);
    this.words = '';
    this.state = this.lang = '';
    this.onKey = (event) => this.#key(event);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('keydown', this.onKey);
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('keydown', this.onKey);
  }

  async #load() {
    this.error = null;
    try {
      this.guides = (await getJson('/api/studio/guides')).guides;
    } catch (error) {
      this.error = error;
    }
  }

  /** `/` searches; the arrows go from guide to guide. */
  #key(event) {
    const [target] = event.composedPath();
    const typing = target instanceof Element && target.closest('input, select, textarea, dialog');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.renderRoot.querySelector('input').focus();
    }
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
    const links = [...this.renderRoot.querySelectorAll('tbody a')];
    const at = links.indexOf(this.renderRoot.activeElement);
    if (at < 0 && !(target.matches?.('input[type=search]') && event.key === 'ArrowDown')) return;
    event.preventDefault();
    links[at < 0 ? 0 : at + (event.key === 'ArrowDown' ? 1 : -1)]?.focus();
  }

  #shown() {
    const words = this.words.trim().toLowerCase();
    return this.guides.filter((one) => {
      if (words && ![one.id, one.title, one.owner].some((text) => text.toLowerCase().includes(words))) return false;
      if (this.lang && one.lang !== this.lang) return false;
      if (this.state === 'problems') return one.error + one.warning > 0;
      return !this.state || one.live === this.state || one.work === this.state;
    });
  }

  render() {
    const { t } = this;
    return html`<studio-nav></studio-nav><main class="page">
      <div class="bar"><h1>${t('list.title')}</h1><span class="grow"></span>
        <div class="find">${icon('search', 16)}<input type="search" aria-label=${t('list.find')} placeholder=${t('list.find')} .value=${this.words} @input=${(e) => (this.words = e.target.value)}></div>
        <select aria-label=${t('list.state')} @change=${(e) => (this.state = e.target.value)}><option value="">${t('list.all')}</option>${STATES.map((s) => html`<option value=${s}>${t(`state.${s}`)}</option>`)}</select>
        <select aria-label=${t('list.lang')} @change=${(e) => (this.lang = e.target.value)}><option value="">${t('list.langs')}</option><option value="zh">中文</option><option value="en">English</option></select>
        <button class="primary" @click=${() => this.renderRoot.querySelector('new-guide').open()}>${t('new.open')}</button></div>
      ${trouble(this.error, t, html`<button class="plain" @click=${this.#load}>${t('again')}</button>`)}
      ${this.guides ? this.#table() : this.error ? nothing : html`<div class="card none" role="status">${t('loading')}</div>`}
      <new-guide></new-guide></main>`;
  }

  #table() {
    const { t } = this;
    const shown = this.#shown();
    if (!shown.length) return html`<div class="card none"><strong>${t(this.guides.length ? 'list.nothing' : 'list.none')}</strong>${t(this.guides.length ? 'list.nothing.text' : 'list.none.text')}</div>`;
    return html`<div class="card"><table><caption class="sr">${t('list.title')}</caption><thead><tr>
      <th scope="col">${t('col.guide')}</th><th scope="col">${t('col.state')}</th><th scope="col">${t('col.owner')}</th><th scope="col">${t('col.lang')}</th><th scope="col" class="num">${t('col.problems')}</th>
      <th scope="col" class="num" title=${t('col.days')}>${t('col.led')}</th><th scope="col" class="num">${t('col.solved')}</th><th scope="col" class="num">${t('col.ticket')}</th><th scope="col" class="num">${t('col.escalated')}</th></tr></thead>
      <tbody>${shown.map((one) => this.#row(one))}</tbody></table></div>
      <p class="tiny">${t('list.count', { count: shown.length })} · ${t('col.days')}</p>`;
  }

  #row(one) {
    const { t } = this;
    const share = (count) => (one.led ? html`${count} <span class="rate">${Math.round((100 * count) / one.led)}%</span>` : '–');
    return html`<tr><td><a href=${linkTo(`/studio/guides/${encodeURIComponent(one.id)}`)}>${one.title}</a><span class="id">${one.id}</span></td>
      <td><span class="chips">${one.live === 'none' ? nothing : html`<span class="tag ${TONES[one.live]}">${t(`state.${one.live}`)}</span>`}
        ${one.work ? html`<span class="tag ${TONES[one.work]}" title=${one.draft_by}>${t(`state.${one.work}`)}</span>` : nothing}</span></td>
      <td>${one.owner}</td><td>${one.lang === 'en' ? 'English' : one.lang === 'zh' ? '中文' : ''}</td>
      <td class="num">${one.error ? html`<span class="errors">${t('errors', { count: one.error })}</span> ` : nothing}${one.warning ? html`<span class="warnings">${t('warnings', { count: one.warning })}</span>` : one.error ? nothing : '–'}</td>
      <td class="num">${one.led ?? 0}</td><td class="num">${share(one.solved)}</td><td class="num">${share(one.ticket)}</td><td class="num">${share(one.escalated)}</td></tr>`;
  }
}

customElements.define('guide-list', GuideList);
