// What calls taught: questions that search did not catch, and what the elite team resolved.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { getJson, postJson } from '../shell/api.js';
import { JobWatch } from '../studio/job.js';
import '../studio/new-guide.js';
import '../studio/note-dialog.js';
import { studioStyles } from '../studio/studio-styles.js';
import '../studio/studio-nav.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

const STATES = ['new', 'taken', 'dismissed'];

class InboxPage extends LitElement {
  static properties = { found: { state: true }, state: { state: true }, error: { state: true }, busy: { state: true }, said: { state: true } };
  static styles = [base, studioStyles, css`
    .page { padding: var(--s-3) var(--s-4) var(--s-6); display: grid; gap: var(--s-3); max-width: 1080px; margin: 0 auto; }
    li { padding: var(--s-3) var(--s-4); border-bottom: 1px solid var(--line); display: grid; gap: var(--s-2); }
    li:last-child { border-bottom: 0; }
    .said { font-size: var(--t-lg); overflow-wrap: anywhere; }
    select { max-width: 280px; }
    .bar button { min-height: 30px; }
  `];

  constructor() {
    super();
    new Words(this);
    this.state = 'new';
    this.watch = new JobWatch(() => this.requestUpdate());
    this.#load();
  }

  async #load() {
    try {
      this.found = await getJson(`/api/studio/inbox?state=${this.state}`);
      this.error = null;
    } catch (error) {
      this.error = error;
    }
  }

  async #fill() {
    this.error = null;
    try {
      const result = await this.watch.run('/api/studio/inbox/fill');
      if (result) this.said = this.t('inbox.filled', { count: result.new, calls: result.calls });
      await this.#load();
    } catch (error) {
      this.error = error;
    }
  }

  async #do(path, body, said) {
    this.busy = true;
    this.error = null;
    try {
      await postJson(`/api/studio/inbox/${path}`, body);
      this.said = this.t(said);
      await this.#load();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  async #dismiss(item) {
    const { t } = this;
    const reason = await this.renderRoot.querySelector('note-dialog').ask(t('dismiss.title'), t('dismiss.why'), t('do.dismiss'));
    if (reason) this.#do('dismiss', { ids: [item.id], reason }, 'said.dismissed');
  }

  #newGuide(item) {
    this.renderRoot.querySelector('new-guide').open(item.text.slice(0, 40), async (guide) => {
      await postJson('/api/studio/inbox/attach', { ids: [item.id], guide });
      location.assign(linkTo(`/studio/guides/${encodeURIComponent(guide)}`));
    });
  }

  render() {
    const { t, found, watch } = this;
    return html`<studio-nav></studio-nav><main class="page">
      <div class="bar"><h1>${t('inbox.title')}</h1><span class="grow"></span>
        <select aria-label=${t('col.status')} @change=${(e) => ((this.state = e.target.value), this.#load())}>${STATES.map((s) => html`<option value=${s}>${t(`inbox.${s}`)}</option>`)}</select>
        <button class="primary" ?disabled=${watch.running} @click=${this.#fill}>${t('inbox.fill')}</button></div>
      ${watch.running ? html`<div class="bar" role="status"><span class="small">${t('job.busy', { what: t('job.calls'), done: watch.job.done, total: watch.job.total || '…' })}</span><button class="ghost" @click=${() => watch.cancel()}>${t('stop')}</button></div>` : nothing}
      ${this.said ? html`<div class="note ok" role="status"><p>${this.said}</p></div>` : nothing}${trouble(this.error, html`<button class="plain" @click=${this.#load}>${t('again')}</button>`)}
      ${found ? found.items.length ? html`<ul class="card">${found.items.map((item) => this.#item(item))}</ul>` : html`<div class="card none">${icon('inbox', 22)}<strong>${t('inbox.none')}</strong>${t('inbox.none.text')}</div>` : this.error ? nothing : html`<div class="card none" role="status">${t('loading')}</div>`}
      <note-dialog></note-dialog><new-guide></new-guide></main>`;
  }

  #item(item) {
    const { t, busy } = this;
    const { titles } = this.found;
    const name = (id) => (id === 'none' ? t('none.guide') : titles[id] || id);
    const waits = item.state === 'new';
    return html`<li><p class="said">${item.text}</p>
      <p class="tiny">${t(`origin.${item.origin}`)} · ${item.note}</p>
      <div class="bar">${item.calls.slice(0, 3).map((call) => html`<a class="small" href=${linkTo(`/panel?call=${encodeURIComponent(call)}`)}>${t('call', { call: call.slice(0, 6) })}</a>`)}<span class="grow"></span>
        ${waits ? html`<select aria-label=${t('attach', { text: item.text })} id=${`to-${item.id}`}>${[...new Set([item.guide, ...Object.keys(titles), 'none'])].map((id) => html`<option value=${id} ?selected=${id === item.guide}>${name(id)}${id in titles || id === 'none' ? '' : ` ${t('not.yet')}`}</option>`)}</select>
          <button class="ghost" ?disabled=${busy} @click=${() => this.#dismiss(item)}>${t('do.dismiss')}</button><button class="plain" ?disabled=${busy} @click=${() => this.#newGuide(item)}>${t('do.guide')}</button>
          <button class="primary" ?disabled=${busy} @click=${() => this.#do('take', { ids: [item.id], guide: this.renderRoot.querySelector(`[id="to-${item.id}"]`).value }, 'said.taken')}>${t('do.take')}</button>` : html`<span class="small">${item.by}${item.reason ? `: ${item.reason}` : ''} → ${name(item.guide)}</span>`}</div></li>`;
  }
}

customElements.define('inbox-page', InboxPage);
