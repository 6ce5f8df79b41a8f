// A new guide: its id, its title, and who answers for it; a whole first draft is written from that.

import { LitElement, html } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { linkTo } from '../server.js';
import { postJson } from '../shell/api.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

class NewGuide extends LitElement {
  static properties = { error: { state: true }, busy: { state: true } };
  static styles = [base, studioStyles];

  constructor() {
    super();
    new Words(this);
  }

  /** `title` is what it is about; `then(id)` is told of the guide that was made. */
  open(title = '', then = (id) => location.assign(linkTo(`/studio/guides/${encodeURIComponent(id)}`))) {
    this.error = null;
    this.then = then;
    const form = this.renderRoot.querySelector('form');
    form.reset();
    form.elements.title.value = title;
    this.renderRoot.querySelector('dialog').showModal();
  }

  async #make(event) {
    event.preventDefault();
    const { id, title, owner, lang } = Object.fromEntries(new FormData(event.target));
    this.busy = true;
    try {
      await postJson('/api/studio/guides', { id: id.trim(), title, owner, lang });
      this.renderRoot.querySelector('dialog').close();
      await this.then(id.trim());
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const { t } = this;
    return html`<dialog aria-labelledby="head"><form @submit=${this.#make}><h2 id="head">${t('new.title')}</h2>
      <label>${t('new.id')}<input name="id" required pattern="[a-z0-9][a-z0-9_\\-]*(\\.[a-z0-9_\\-]+)*" maxlength="80" placeholder="wifi.slow" autocomplete="off" spellcheck="false"></label>
      <label>${t('new.name')}<input name="title" required maxlength="100"></label>
      <label>${t('new.owner')}<input name="owner" maxlength="100"></label>
      <label>${t('new.lang')}<select name="lang"><option value="zh">中文</option><option value="en">English</option></select></label>
      ${trouble(this.error, t)}
      <div class="bar"><button type="button" class="plain" @click=${(e) => e.target.closest('dialog').close()}>${t('cancel')}</button><button class="primary" ?disabled=${this.busy}>${t('new.make')}</button></div></form></dialog>`;
  }
}

customElements.define('new-guide', NewGuide);
