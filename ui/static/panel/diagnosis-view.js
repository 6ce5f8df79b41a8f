// A diagnosis while it runs, its result in one sentence with the raw figures behind it, or why it failed.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act, effectOf } from './act.js';
import { named, troubleNote, troubleStyles } from './trouble-note.js';

export class DiagnosisView extends LitElement {
  static properties = {
    step: { attribute: false },
    diagnosis: { attribute: false },
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
  };

  static styles = [base, troubleStyles, css`
    .bar { height: 3px; border-radius: 2px; background: var(--hover); overflow: hidden; margin-bottom: var(--s-2); }
    .bar::after { content: ''; display: block; width: 38%; height: 100%; border-radius: 2px; background: var(--accent); animation: slide 1.7s ease-in-out infinite; }
    @keyframes slide { from { transform: translateX(-100%); } to { transform: translateX(270%); } }
    .note { font-size: var(--t-sm); color: var(--ink-2); }
    .result { border-inline-start: 3px solid var(--ok); background: var(--inset); border-radius: 0 var(--r-2) var(--r-2) 0; padding: var(--s-2) var(--s-3); }
    .result p { font-weight: var(--w-medium); line-height: 1.5; }
    details { margin-top: 4px; font-size: var(--t-xs); color: var(--ink-2); }
    summary { cursor: pointer; color: var(--ink-3); width: fit-content; border-radius: 3px; line-height: 22px; }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 2px var(--s-3); padding-top: 4px; }
    dt { color: var(--ink-3); font-family: var(--font-mono); overflow-wrap: anywhere; }
    dd { overflow-wrap: anywhere; }
    .actions { display: flex; flex-wrap: wrap; gap: var(--s-2); margin-top: var(--s-2); }
  `];

  render() {
    const { t, diagnosis } = this;
    switch (diagnosis?.status) {
      case 'running':
        return html`<div role="status"><div class="bar"></div>
          <p class="note num">${t('diag.running', { s: diagnosis.timeout_s })}</p></div>`;
      case 'done':
        return html`<div class="result" role="status"><p>${diagnosis.summary}</p>${this.#figures(diagnosis.result)}</div>
          <div class="actions">${this.#retry('plain')}</div>`;
      case 'failed':
        return html`${troubleNote(named(diagnosis.trouble, t('diag.failed')), t)}
          <div class="actions">${this.#retry('primary')}</div>`;
      default:
        return html`<p class="note">${t('diag.waiting')}</p><div class="actions">${this.#retry('plain')}</div>`;
    }
  }

  #figures(result) {
    const rows = Object.entries(result ?? {});
    if (!rows.length) return nothing;
    return html`<details><summary>${this.t('diag.details')}</summary>
      <dl>${rows.map(([name, value]) => html`<dt>${name}</dt><dd class="num">${this.#value(value)}</dd>`)}</dl></details>`;
  }

  #value(value) {
    if (value === null || value === '') return this.t('value.none');
    if (typeof value === 'boolean') return this.t(`value.${value}`);
    return typeof value === 'object' ? JSON.stringify(value) : String(value);
  }

  #retry(look) {
    if (this.readonly) return nothing;
    const { guide, step } = this.step;
    const waiting = this.busy.has(effectOf({ kind: 'retry_diagnosis', guide, step }));
    return html`<button class=${look} ?disabled=${waiting} @click=${() => act(this, 'retry_diagnosis', { guide, step })}>
      ${icon('rotate-cw', 14)}${this.t('diag.retry')}${this.keys ? kbd('R') : nothing}</button>`;
  }
}

customElements.define('diagnosis-view', DiagnosisView);
