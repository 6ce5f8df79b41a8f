// Asks for a few words before something is done; nothing is done without them.

import { LitElement, html } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

class NoteDialog extends LitElement {
  static properties = { asked: { state: true } };
  static styles = [base, studioStyles];

  constructor() {
    super();
    new Words(this);
    this.asked = { title: '', label: '', button: '' };
  }

  /** The words, or '' when they were not given. */
  ask(title, label, button) {
    this.asked = { title, label, button };
    this.renderRoot.querySelector('form').reset();
    this.renderRoot.querySelector('dialog').showModal();
    return new Promise((resolve) => (this.resolve = resolve));
  }

  #done(event) {
    event.preventDefault();
    const note = new FormData(event.target).get('note').trim();
    if (!note) return;
    this.resolve(note);
    this.resolve = null;
    this.renderRoot.querySelector('dialog').close();
  }

  render() {
    const { t, asked } = this;
    return html`<dialog aria-labelledby="head" @close=${() => this.resolve?.('')}><form @submit=${this.#done}><h2 id="head">${asked.title}</h2>
      <label>${asked.label}<textarea name="note" rows="3" required maxlength="2000"></textarea></label>
      <div class="bar"><button type="button" class="plain" @click=${(e) => e.target.closest('dialog').close()}>${t('cancel')}</button><button class="primary">${asked.button}</button></div></form></dialog>`;
  }
}

customElements.define('note-dialog', NoteDialog);
