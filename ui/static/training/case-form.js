// <case-form>: marks a stored call as a training case, in a dialog.

import { LitElement, html, css } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { roomStyles } from './parts.js';

export class CaseForm extends LitElement {
  static properties = { t: { attribute: false }, about: { attribute: false } };

  static styles = [base, roomStyles, css`h2 { margin-bottom: var(--s-1); }`];

  /** `about` is the case as it stands, or {title} to begin with. */
  open(about) {
    this.about = about;
    this.updateComplete.then(() => {
      this.renderRoot.querySelector('form').reset();
      this.renderRoot.querySelector('dialog').showModal();
    });
  }

  close() {
    this.renderRoot.querySelector('dialog').close();
  }

  #submit(event) {
    event.preventDefault();
    const detail = Object.fromEntries(new FormData(event.target));
    this.dispatchEvent(new CustomEvent('case', { detail }));
  }

  render() {
    const { t, about = {} } = this;
    return html`<dialog aria-labelledby="case-title"><form @submit=${this.#submit}>
      <h2 id="case-title">${t('case.mark')}</h2>
      <label class="field">${t('case.title')}<input name="title" required maxlength="120" .defaultValue=${about.title ?? ''}></label>
      <label class="field">${t('case.goal')}<input name="goal" maxlength="500" placeholder=${t('case.goal.hint')} .defaultValue=${about.goal ?? ''}></label>
      <label class="field">${t('case.note')}<textarea name="note" rows="4" maxlength="2000" .defaultValue=${about.note ?? ''}></textarea></label>
      <div class="row end"><button type="button" class="plain" @click=${this.close}>${t('cancel')}</button><button class="primary">${t('save')}</button></div>
    </form></dialog>`;
  }
}

customElements.define('case-form', CaseForm);
