// What was live and when, who did what, and the way back.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { getJson, postJson } from '../shell/api.js';
import './note-dialog.js';
import { studioStyles } from './studio-styles.js';
import './text-diff.js';
import { trouble } from './trouble.js';
import { Words, moment } from './words.js';

class GuideHistory extends LitElement {
  static properties = { guide: {}, text: {}, tick: {}, history: { state: true }, error: { state: true }, compared: { state: true }, diff: { state: true } };

  static styles = [base, studioStyles, css`
    :host { overflow-y: auto; background: var(--surface); }
    .all { padding: var(--s-3) var(--s-4); display: grid; gap: var(--s-2); }
    h2 { font-size: var(--t-sm); color: var(--ink-2); margin-top: var(--s-2); }
    li { padding: var(--s-2) 0; border-bottom: 1px solid var(--line); font-size: var(--t-sm); }
    li p { overflow-wrap: anywhere; }
    .bar button { min-height: 28px; }
  `];

  constructor() {
    super();
    new Words(this);
    this.compared = '';
  }

  get #path() {
    return `/api/studio/guides/${encodeURIComponent(this.guide)}`;
  }

  willUpdate(changed) {
    if (changed.has('guide') || changed.has('tick')) this.#load();
    if (this.compared === 'live' && changed.has('text')) this.#compare('live', { text: this.text });
  }

  async #load() {
    try {
      this.history = await getJson(`${this.#path}/history`);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #compare(name, body) {
    this.compared = name;
    this.diff = null;
    try {
      const diff = await postJson(`${this.#path}/diff`, body);
      if (this.compared === name) this.diff = diff;
    } catch (error) {
      this.error = error;
    }
  }

  async #back(version) {
    const { t } = this;
    const note = await this.renderRoot.querySelector('note-dialog').ask(t('back.title', { number: version.id }), t('back.why'), t('back.do'));
    if (!note) return;
    try {
      await postJson(`${this.#path}/roll-back`, { version: version.id, note });
      this.error = null;
      this.dispatchEvent(new CustomEvent('studio-published', { bubbles: true, composed: true }));
    } catch (error) {
      this.error = error;
    }
    this.#load();
  }

  render() {
    const { t, history } = this;
    if (!history) return html`<div class="all">${trouble(this.error, t)}<p class="tiny" role="status">${this.error ? nothing : t('loading')}</p></div>`;
    return html`<div class="all">${trouble(this.error, t)}
      <button class="plain" aria-pressed=${this.compared === 'live'} @click=${() => this.#compare('live', { text: this.text })}>${t('diff.live')}</button>
      ${this.compared === 'live' ? html`<text-diff .diff=${this.diff}></text-diff>` : nothing}
      <h2>${t('versions')}</h2>
      ${history.versions.length ? html`<ul>${history.versions.map((version, i) => this.#version(version, history.versions[i + 1], i === 0))}</ul>` : html`<p class="tiny">${t('versions.none')}</p>`}
      <h2>${t('moves')}</h2>
      ${history.entries.length ? html`<ul>${history.entries.map((entry) => html`<li><span class="num">${moment(entry.at, t)}</span> · ${entry.by} · <strong>${t(`move.${entry.move}`)}</strong>${entry.note ? html`<p>${entry.note}</p>` : nothing}</li>`)}</ul>` : html`<p class="tiny">${t('moves.none')}</p>`}
      <note-dialog></note-dialog></div>`;
  }

  #version(version, before, live) {
    const { t } = this;
    const name = `v${version.id}`;
    return html`<li><div class="bar"><strong class="num">${name}</strong>${live ? html`<span class="tag ok">${t('version.live')}</span>` : nothing}<span class="tag">${t(`how.${version.how}`)}</span><span class="num tiny">${moment(version.at, t)}</span><span class="grow"></span>
      ${before ? html`<button class="ghost" aria-pressed=${this.compared === name} @click=${() => this.#compare(name, { old_version: before.id, version: version.id })}>${t('version.diff')}</button>` : nothing}
      ${live ? nothing : html`<button class="ghost" @click=${() => this.#back(version)}>${t('version.back')}</button>`}</div>
      <p>${version.note}</p>${version.by ? html`<p class="tiny">${t('version.people', { authors: version.authors.join(', ') || '–', approver: version.approver || '–', by: version.by })}</p>` : nothing}
      ${this.compared === name ? html`<text-diff .diff=${this.diff}></text-diff>` : nothing}</li>`;
  }
}

customElements.define('guide-history', GuideHistory);
