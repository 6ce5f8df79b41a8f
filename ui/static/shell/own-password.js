// A new password of one's own, in a dialog over the page.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { translatorOf } from '../texts.js';
import { me, postJson } from './api.js';
import { SHELL_TEXTS } from './shell-texts.js';

const translator = translatorOf(SHELL_TEXTS);
const KNOWN = ['sign_in.wrong', 'sign_in.wait', 'account.password'];

class OwnPassword extends LitElement {
  static properties = { language: {}, trouble: { state: true }, done: { state: true } };

  static styles = [base, css`
    dialog { width: min(400px, calc(100% - 32px)); border: 1px solid var(--line); border-radius: var(--r-3); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high); padding: var(--s-5); }
    dialog::backdrop { background: var(--veil); }
    h2 { font-size: var(--t-lg); margin-bottom: var(--s-3); }
    form { display: grid; gap: var(--s-3); }
    label { display: grid; gap: var(--s-1); font-size: var(--t-sm); color: var(--ink-2); }
    input { color: var(--ink); }
    .row { display: flex; justify-content: flex-end; gap: var(--s-2); }
    .bad { color: var(--bad-ink); font-size: var(--t-sm); }
    .hint { font-size: var(--t-xs); color: var(--ink-3); }
  `];

  async open() {
    this.trouble = '';
    this.done = false;
    await this.updateComplete;
    this.renderRoot.querySelector('dialog').showModal();
  }

  #close() {
    this.renderRoot.querySelector('dialog').close();
  }

  async #send(event) {
    event.preventDefault();
    try {
      await postJson('/api/me/password', Object.fromEntries(new FormData(event.target)));
      me.forget(); // the session, and with it the page's token, is a new one
      this.done = true;
    } catch (error) {
      this.trouble = KNOWN.includes(error.code) ? error.code : 'failed';
    }
  }

  render() {
    const t = translator(this.language);
    return html`<dialog aria-labelledby="own"><h2 id="own">${t('own.title')}</h2>${this.done
      ? html`<p role="status">${t('own.done')}</p><div class="row"><button class="primary" @click=${this.#close}>${t('own.close')}</button></div>`
      : html`<form @submit=${this.#send}>
        ${this.trouble ? html`<p class="bad" role="alert">${t(`own.${this.trouble}`)}</p>` : nothing}
        <label>${t('own.old')}<input type="password" name="old" required autocomplete="current-password"></label>
        <label>${t('own.new')}<input type="password" name="new" required minlength="10" autocomplete="new-password"><span class="hint">${t('own.rule')}</span></label>
        <div class="row"><button type="button" class="plain" @click=${this.#close}>${t('own.cancel')}</button><button class="primary">${t('own.save')}</button></div></form>`}</dialog>`;
  }
}

customElements.define('own-password', OwnPassword);
