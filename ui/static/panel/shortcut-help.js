// The list of keys, and the switch that turns single-key shortcuts off (WCAG 2.1.4).

import { LitElement, html, css } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { ask } from './act.js';
import { SHORTCUTS } from './keys.js';

export class ShortcutHelp extends LitElement {
  static properties = { keys: { type: Boolean }, t: { attribute: false } };

  static styles = [base, css`
    dialog { width: min(400px, calc(100vw - 24px)); max-height: calc(100dvh - 48px); padding: var(--s-4); border: 1px solid var(--line); border-radius: var(--r-3);
      background: var(--surface); color: inherit; box-shadow: var(--shadow-high); overflow-y: auto; }
    dialog::backdrop { background: var(--veil); }
    .head { display: flex; justify-content: space-between; align-items: center; }
    h2 { font-size: var(--t-lg); }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 9px var(--s-4); margin: var(--s-3) 0; font-size: var(--t-sm); align-items: center; }
    dt { display: flex; gap: 4px; justify-content: flex-end; align-items: center; }
    kbd { height: 21px; min-width: 21px; color: var(--ink-2); background: var(--inset); }
    .switch { display: flex; align-items: center; gap: var(--s-2); padding-top: var(--s-3); border-top: 1px solid var(--line); font-size: var(--t-sm); cursor: pointer; }
    .switch input { width: 16px; min-height: 16px; height: 16px; accent-color: var(--accent); margin: 0; }
  `];

  open() {
    this.renderRoot.querySelector('dialog').showModal();
  }

  close() {
    this.renderRoot.querySelector('dialog').close();
  }

  render() {
    const { t } = this;
    return html`<dialog aria-labelledby="title" @click=${(e) => e.target.matches('dialog') && this.close()}>
      <div class="head"><h2 id="title">${t('help')}</h2>
        <button class="icon-button" aria-label=${t('close')} title=${t('close')} @click=${this.close}>${icon('x')}</button></div>
      <dl>${SHORTCUTS.map(([keys, text]) => html`<dt>${keys.map((key) => (key === '–' ? html`<span class="quiet">–</span>` : html`<kbd>${key}</kbd>`))}</dt><dd>${t(text)}</dd>`)}</dl>
      <label class="switch"><input type="checkbox" .checked=${this.keys} @change=${(e) => ask(this, 'keys', { on: e.target.checked })}>${t('keys.on')}</label>
    </dialog>`;
  }
}

customElements.define('shortcut-help', ShortcutHelp);
