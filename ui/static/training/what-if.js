// <what-if>: the call from a moment on, played another way: the real panel over a sandbox.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { translator } from '../i18n.js';
import { troubleNote, troubleStyles } from '../panel/trouble-note.js';
import { PracticeSource } from './room-source.js';

export class WhatIf extends LitElement {
  static properties = { t: { attribute: false }, language: {}, begun: { attribute: false }, standing: { state: true }, trouble: { state: true } };

  static styles = [base, troubleStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; overflow: hidden; border-color: var(--accent-line) !important; }
    header { padding: var(--s-2) var(--s-3); display: grid; gap: var(--s-2); border-bottom: 1px solid var(--line); background: var(--accent-soft); }
    .row { display: flex; gap: var(--s-2); align-items: center; }
    h2 { flex: 1; font-size: var(--t-md); }
    p { font-size: var(--t-xs); color: var(--ink-2); }
    form { flex: 1; display: flex; gap: var(--s-2); }
    input { min-width: 0; }
    small { color: var(--ink-2); font-size: var(--t-xs); white-space: nowrap; }
    assist-panel { flex: 1; min-height: 0; }
    button { white-space: nowrap; }
  `];

  willUpdate(changed) {
    if (!changed.has('begun')) return;
    this.standing = this.begun;
    this.source = new PracticeSource(this.begun, (answer) => (this.standing = { ...this.standing, ...answer }));
  }

  async #ask(what, body) {
    this.trouble = null;
    try {
      await this.source.ask(what, body);
    } catch ({ code, message, remedy, values }) {
      this.trouble = { code, message, remedy, values };
    }
  }

  #say(event) {
    event.preventDefault();
    const text = new FormData(event.target).get('text').trim();
    event.target.reset();
    if (text) this.#ask('say', { text });
  }

  render() {
    const { t, standing } = this;
    return html`<header>
        <div class="row"><h2>${t('whatif.title')}</h2><button class="ghost" @click=${() => this.dispatchEvent(new CustomEvent('end'))}>${icon('x', 14)}${t('whatif.close')}</button></div>
        <p>${t('whatif.text', { at: clock(this.begun.from_ms) })}</p>
        ${standing.over ? nothing : html`<div class="row">
          <button class="plain" ?disabled=${!standing.left} @click=${() => this.#ask('next')}>${icon('user', 14)}${t('whatif.next')}</button>
          <small class="num">${t('whatif.left', { count: standing.left })}</small>
          <form @submit=${this.#say}><input name="text" aria-label=${t('whatif.say')} placeholder=${t('whatif.say.hint')} autocomplete="off"></form></div>`}
        ${this.trouble ? troubleNote(this.trouble, translator(this.language)) : nothing}
      </header>
      <assist-panel inner .source=${this.source} .shortcuts=${'inside'} .language=${this.language}></assist-panel>`;
  }
}

customElements.define('what-if', WhatIf);
