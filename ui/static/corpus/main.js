// The similar questions: rows by guide, what is like them, and which scenario takes callers from which.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { getJson, postJson } from '../shell/api.js';
import { studioStyles } from '../studio/studio-styles.js';
import '../studio/studio-nav.js';
import './corpus-checks.js';
import './import-table.js';
import './row-editor.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

const STATES = ['live', 'draft', 'retired'];
const SHOWN = 200;

class CorpusPage extends LitElement {
  static properties = { table: { state: true }, error: { state: true }, words: { state: true }, guide: { state: true }, status: { state: true }, chosen: { state: true }, shown: { state: true }, busy: { state: true }, said: { state: true } };

  static styles = [base, studioStyles, css`
    .page { padding: var(--s-3) var(--s-4) var(--s-6); display: grid; gap: var(--s-3); max-width: 1280px; margin: 0 auto; }
    .find { flex: 1 1 200px; max-width: 320px; }
    .card { overflow-x: auto; }
    select { max-width: 260px; }
    tbody tr:hover { background: var(--inset); }
    tr.retired td { color: var(--ink-3); }
    td.text { min-width: 240px; } td.remark { color: var(--ink-2); max-width: 260px; }
    code { font: var(--t-xs) var(--font-mono); color: var(--ink-3); }
    input[type=checkbox] { width: 16px; min-height: 16px; }
    td button { min-height: 26px; white-space: nowrap; }
    .chosen { position: sticky; bottom: 0; padding: var(--s-2) var(--s-3); background: var(--surface); border: 1px solid var(--line); border-radius: var(--r-2); box-shadow: var(--shadow-high); }
  `];

  constructor() {
    super();
    new Words(this);
    this.words = this.status = '';
    this.guide = new URLSearchParams(location.search).get('guide') ?? '';
    this.chosen = new Set();
    this.shown = SHOWN;
    this.addEventListener('corpus-changed', () => this.#load());
    this.addEventListener('corpus-find', ({ detail }) => this.#find(detail));
    this.#load();
  }

  async #load() {
    this.error = null;
    try {
      this.table = await getJson('/api/studio/corpus');
      const ids = new Set(this.table.rows.map((row) => row.id));
      this.chosen = new Set([...this.chosen].filter((id) => ids.has(id)));
    } catch (error) {
      this.error = error;
    }
  }

  #find(words) {
    this.words = words;
    this.guide = this.status = '';
  }

  #rows() {
    const words = this.words.trim().toLowerCase();
    return this.table.rows.filter((row) => (!this.guide || row.guide === this.guide) && (!this.status || row.status === this.status) && (!words || [row.text, row.id, row.note].some((text) => text.toLowerCase().includes(words))));
  }

  async #set(status, ids = [...this.chosen]) {
    this.busy = true;
    this.error = null;
    try {
      const { changed } = await postJson('/api/studio/corpus/status', { ids, status });
      this.said = this.t(`set.${status}`, { count: changed });
      this.chosen = new Set();
      await this.#load();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  #choose(id, on) {
    const chosen = new Set(this.chosen);
    if (on) chosen.add(id);
    else chosen.delete(id);
    this.chosen = chosen;
  }

  #edit(row) {
    this.renderRoot.querySelector('row-editor').open(row ?? { guide: this.guide });
  }

  render() {
    const { t, table } = this;
    return html`<studio-nav></studio-nav><main class="page">
      <div class="bar"><h1>${t('corpus.title')}</h1><span class="grow"></span>
        <button class="plain" @click=${() => this.renderRoot.querySelector('import-table').open(this.guide)}>${t('import.open')}</button>
        <button class="primary" @click=${() => this.#edit()}>${t('row.new')}</button></div>
      ${trouble(this.error, html`<button class="plain" @click=${this.#load}>${t('again')}</button>`)}
      <p class="sr" role="status">${this.said}</p>
      ${table ? html`<corpus-checks .titles=${table.titles} .takes=${table.takes_s}></corpus-checks>${this.#filters()}${this.#table()}` : this.error ? nothing : html`<div class="card none" role="status">${t('loading')}</div>`}
      ${this.chosen.size ? this.#bar() : nothing}
      <row-editor .titles=${table?.titles ?? {}}></row-editor><import-table .titles=${table?.titles ?? {}}></import-table></main>`;
  }

  #filters() {
    const { t, table } = this;
    const counts = new Map(table.guides.map((one) => [one.guide, one]));
    const guides = [...new Set([...Object.keys(table.titles), ...counts.keys()])].sort();
    return html`<div class="bar"><div class="find"><input type="search" aria-label=${t('corpus.find')} placeholder=${t('corpus.find')} .value=${this.words} @input=${(e) => ((this.words = e.target.value), (this.shown = SHOWN))}></div>
      <select aria-label=${t('col.guide')} @change=${(e) => ((this.guide = e.target.value), (this.shown = SHOWN))}><option value="">${t('corpus.all')}</option>${guides.map((id) => html`<option value=${id} ?selected=${id === this.guide}>${id === 'none' ? t('none.guide') : `${table.titles[id] || id} · ${counts.get(id)?.live ?? 0}`}</option>`)}</select>
      <select aria-label=${t('col.status')} @change=${(e) => ((this.status = e.target.value), (this.shown = SHOWN))}><option value="">${t('status.any')}</option>${STATES.map((s) => html`<option value=${s} ?selected=${s === this.status}>${t(`status.${s}`)}</option>`)}</select></div>`;
  }

  #table() {
    const { t, table } = this;
    const rows = this.#rows();
    if (!rows.length) return html`<div class="card none"><strong>${t('corpus.nothing')}</strong>${t('corpus.nothing.text')}</div>`;
    const page = rows.slice(0, this.shown);
    const all = page.every((row) => this.chosen.has(row.id));
    return html`<div class="card"><table><caption class="sr">${t('corpus.title')}</caption><thead><tr>
      <th scope="col"><input type="checkbox" aria-label=${t('choose.all')} .checked=${all} @change=${(e) => (this.chosen = e.target.checked ? new Set(page.map((row) => row.id)) : new Set())}></th>
      <th scope="col">${t('col.text')}</th><th scope="col">${t('col.guide')}</th><th scope="col">${t('col.status')}</th><th scope="col">${t('col.note')}</th><th scope="col"><span class="sr">${t('row.edit')}</span></th></tr></thead>
      <tbody>${page.map((row) => html`<tr class=${row.status}><td><input type="checkbox" aria-label=${t('choose', { text: row.text })} .checked=${this.chosen.has(row.id)} @change=${(e) => this.#choose(row.id, e.target.checked)}></td>
        <td class="text">${row.text} <code title="${row.file}:${row.line}">${row.id}</code></td><td>${row.guide === 'none' ? t('none.guide') : table.titles[row.guide] || html`<code>${row.guide}</code>`}</td>
        <td><span class="tag ${row.status === 'live' ? 'ok' : row.status === 'draft' ? 'warn' : ''}">${t(`status.${row.status}`)}</span></td><td class="remark">${row.note}</td>
        <td><button class="ghost" aria-label=${t('row.edit.of', { text: row.text })} @click=${() => this.#edit(row)}>${t('row.edit')}</button></td></tr>`)}</tbody></table></div>
      <div class="bar"><p class="tiny">${t('corpus.count', { count: rows.length, shown: page.length })}</p>${rows.length > page.length ? html`<button class="plain" @click=${() => (this.shown += SHOWN)}>${icon('chevron-down', 14)}${t('corpus.more')}</button>` : nothing}</div>`;
  }

  #bar() {
    const { t, busy } = this;
    return html`<div class="bar chosen" role="toolbar" aria-label=${t('chosen', { count: this.chosen.size })}><span class="small">${t('chosen', { count: this.chosen.size })}</span><span class="grow"></span>
      <button class="ghost" @click=${() => (this.chosen = new Set())}>${t('choose.none')}</button>
      <button class="plain" ?disabled=${busy} @click=${() => this.#set('retired')}>${t('do.retire')}</button>
      <button class="primary" ?disabled=${busy} @click=${() => this.#set('live')}>${t('do.publish')}</button></div>`;
  }
}

customElements.define('corpus-page', CorpusPage);
