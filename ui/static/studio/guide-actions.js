// Where a text is on its way, and what may be done with it now: submit, approve, publish.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { linkTo } from '../server.js';
import { postJson } from '../shell/api.js';
import './note-dialog.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words, moment } from './words.js';

class GuideActions extends LitElement {
  static properties = { work: { attribute: false }, info: { attribute: false }, saved: {}, errors: { type: Number }, heading: {}, error: { state: true }, busy: { state: true }, done: { state: true } };

  static styles = [base, studioStyles, css`
    :host { padding: var(--s-2) var(--s-4); border-bottom: 1px solid var(--line); background: var(--surface); display: grid; gap: var(--s-2); }
    h1 { overflow-wrap: anywhere; }
    .saved { color: var(--ink-3); font-size: var(--t-sm); }
    .saved.bad { color: var(--bad-ink); }
    note-dialog { display: contents; }
  `];

  constructor() {
    super();
    new Words(this);
  }

  async #do(path, body, { method = 'POST', done = '' } = {}) {
    this.busy = true;
    this.error = null;
    try {
      if (method !== 'DELETE') await this.work.settle();
      await postJson(`${this.work.path}/${path}`, typeof body === 'function' ? body() : body, { method });
      this.done = done;
      await this.work.load();
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
      this.dispatchEvent(new CustomEvent('studio-moved', { bubbles: true, composed: true }));
    }
  }

  #move(move, note = '', done = '') {
    return this.#do('moves', () => ({ move, note, revision: this.work.revision }), { done });
  }

  async #asked(move, done) {
    const { t } = this;
    const note = await this.renderRoot.querySelector('note-dialog').ask(t(`ask.${move}`), t(`ask.${move}.label`), t(`do.${move}`));
    if (note) this.#move(move, note, done);
  }

  async #discard() {
    if (this.sure) {
      this.sure = false;
      await this.#do('draft', {}, { method: 'DELETE' });
      if (this.error?.code === 'guide') location.assign(linkTo('/studio'));
    } else this.sure = true;
    this.requestUpdate();
  }

  render() {
    const { t, info } = this;
    if (!info) return nothing;
    const { draft } = info;
    const state = draft?.state;
    return html`<div class="bar"><a class="small" href=${linkTo('/studio')}>← ${t('nav.guides')}</a><h1>${this.heading || info.id}</h1>
        ${state ? html`<span class="tag ${state === 'approved' ? 'ok' : state === 'review' ? 'accent' : 'warn'}">${t(`state.${state}`)}</span>` : html`<span class="tag ok">${t('state.unchanged')}</span>`}
        <span class="saved ${['offline', 'refused', 'stale'].includes(this.saved) ? 'bad' : ''}" role="status">${t(`saved.${this.saved}`)}</span><span class="grow"></span>${this.#buttons(draft)}</div>
      ${draft?.note && state !== 'draft' ? html`<p class="small">${t('review.note', { by: draft.authors.join(', '), note: draft.note })}</p>` : nothing}
      ${this.done ? html`<div class="note ok" role="status"><p>${t(this.done)}</p><button class="ghost" @click=${() => (this.done = '')}>${t('close')}</button></div>` : nothing}
      ${info.conflict ? html`<div class="note" role="alert"><p>${t('conflict')}</p><button class="plain" @click=${() => this.dispatchEvent(new CustomEvent('studio-compare', { bubbles: true, composed: true }))}>${t('conflict.see')}</button><button class="plain" @click=${() => this.#do('rebase', {})}>${t('conflict.rebase')}</button></div>` : nothing}
      ${this.saved === 'stale' ? this.#stale() : nothing}
      ${this.saved === 'refused' ? trouble(this.work.error, t) : nothing}${trouble(this.error, t, html`<button class="ghost" @click=${() => (this.error = null)}>${t('close')}</button>`)}
      <note-dialog></note-dialog>`;
  }

  #stale() {
    const { t, work } = this;
    return html`<div class="note" role="alert"><p>${t('stale', { by: work.theirs?.by ?? '', at: moment(work.theirs?.at, t) })}</p>
      <button class="plain" @click=${() => work.takeTheirs()}>${t('stale.theirs')}</button><button class="plain" @click=${() => work.keepMine()}>${t('stale.mine')}</button></div>`;
  }

  #buttons(draft) {
    const { t, busy, info } = this;
    if (!draft) return html`<span class="tiny">${t('hint.draft')}</span>`;
    const discard = html`<button class="ghost" ?disabled=${busy} @click=${this.#discard}>${t(this.sure ? 'do.discard.sure' : 'do.discard')}</button>`;
    const mine = draft.authors.includes(info.me);
    if (draft.state === 'draft') return html`${discard}<button class="primary" ?disabled=${busy || this.errors > 0 || this.saved === 'stale'} title=${this.errors ? t('hint.errors') : nothing} @click=${() => this.#asked('submit', 'done.submit')}>${t('do.submit')}</button>`;
    if (draft.state === 'approved') return html`${discard}<button class="primary" ?disabled=${busy} @click=${() => this.#do('publish', () => ({ revision: this.work.revision }), { done: 'done.publish' })}>${t('do.publish')}</button>`;
    return html`${mine ? html`<span class="tiny">${t('hint.other')}</span><button class="plain" ?disabled=${busy} @click=${() => this.#move('withdraw')}>${t('do.withdraw')}</button>` : nothing}
      ${mine ? nothing : html`<button class="plain" ?disabled=${busy} @click=${() => this.#asked('return', '')}>${t('do.return')}</button><button class="primary" ?disabled=${busy} @click=${() => this.#move('approve', '', 'done.approve')}>${t('do.approve')}</button>`}`;
  }
}

customElements.define('guide-actions', GuideActions);
