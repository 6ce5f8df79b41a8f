// What each view of the administration does alike: its texts, loading, saying what went wrong.

import { LitElement, html, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { getJson } from '../shell/api.js';
import { translatorOf } from '../texts.js';
import '../vendor/page-icons.js';
import { adminStyles } from './admin-styles.js';
import { ADMIN_TEXTS } from './admin-texts.js';

export const translator = translatorOf(ADMIN_TEXTS);

/** A view loads `path` when it is shown; `data` is the answer, null while there is none. */
export class View extends LitElement {
  static properties = { language: {}, data: { state: true }, trouble: { state: true }, said: { state: true }, busy: { state: true }, open: { state: true } };

  static styles = [base, adminStyles];

  constructor() {
    super();
    this.data = null;
    this.said = '';
  }

  get t() {
    return translator(this.language);
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  async load() {
    try {
      this.data = await getJson(this.path);
      this.trouble = null;
    } catch (error) {
      this.trouble = error;
    }
  }

  /** Do something that may fail; says so, and `done` when it has. */
  async attempt(work, done = '') {
    if (this.busy) return false;
    this.busy = true;
    this.trouble = null;
    this.said = '';
    try {
      await work();
      this.said = done;
      return true;
    } catch (error) {
      this.trouble = error;
      return false;
    } finally {
      this.busy = false;
    }
  }

  /** Opens the dialog that `render` draws for `open`. */
  async show(what) {
    this.trouble = null;
    this.open = what;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog')?.showModal();
  }

  hide() {
    this.open = null;
  }

  dialog(title, inside) {
    return html`<dialog aria-labelledby="dialog-title" @close=${() => this.hide()}><h2 id="dialog-title">${title}</h2>${this.note()}${inside}</dialog>`;
  }

  buttons(label, kind = 'primary') {
    const { t } = this;
    return html`<div class="row"><button type="button" class="plain" @click=${() => this.renderRoot.querySelector('dialog').close()}>${t('cancel')}</button>
      <button class=${kind === 'danger' ? 'plain danger' : 'primary'} ?disabled=${this.busy}>${label}</button></div>`;
  }

  note() {
    const { t, trouble } = this;
    if (!trouble) return nothing;
    const known = trouble.status ? `err.${trouble.code}` : 'err.offline';
    const message = t.or(known, trouble.message);
    return html`<div class="note" role="alert">${icon('circle-alert', 16)}<div><strong>${message}</strong><p>${t.or(`${known}.do`, trouble.remedy ?? '')}</p></div></div>`;
  }

  /** Above everything: what went wrong or was done; a way to load again. */
  top() {
    const { t } = this;
    return html`${this.open ? nothing : this.note()}
      ${this.trouble && !this.data ? html`<button class="plain" @click=${() => this.load()}>${icon('rotate-cw', 15)}${t('retry')}</button>` : nothing}
      <div role="status">${this.said ? html`<p class="done">${this.said}</p>` : nothing}</div>`;
  }

  waiting() {
    return this.trouble ? nothing : html`<p class="none">${this.t('loading')}</p>`;
  }

  moment(text) {
    return text ? new Date(text).toLocaleString(this.t.tag, { dateStyle: 'medium', timeStyle: 'short' }) : '';
  }
}

/** The values of a form, and all ticked boxes of a name. */
export const ticked = (form, name) => [...form.querySelectorAll(`[name=${name}]:checked`)].map(({ value }) => value);
