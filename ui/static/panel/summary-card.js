// What the call comes to, drafted from its facts: read it, correct it, keep it.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { act } from './act.js';

const FIELDS = ['need', 'done', 'result', 'follow_up'];

export class SummaryCard extends LitElement {
  static properties = {
    summary: { attribute: false }, // the latest summary_drafted or summary_kept
    readonly: { type: Boolean },
    busy: { attribute: false },
    t: { attribute: false },
  };

  static styles = [base, css`
    .card { padding: var(--s-4); }
    h2 { font-size: var(--t-lg); line-height: var(--lh-tight); display: flex; align-items: center; gap: var(--s-2); }
    form { display: grid; gap: var(--s-2); margin-top: var(--s-3); }
    label { font-size: var(--t-xs); color: var(--ink-2); display: block; margin-bottom: 3px; }
    pre { font: inherit; font-size: var(--t-sm); white-space: pre-wrap; margin-top: var(--s-2); }
    .head .icon { color: var(--ok); }
  `];

  render() {
    const { t, summary } = this;
    const title = t(`summary.${summary.of}`);
    const kept = summary.kind === 'summary_kept';
    return html`<section class="card" aria-label=${title}>
      <h2 class="head">${kept ? icon('check', 16) : nothing}${title}</h2>
      ${kept || this.readonly ? html`<pre>${summary.text}</pre>` : this.#form()}
    </section>`;
  }

  #form() {
    const { t, summary } = this;
    const value = { ...summary.summary, done: summary.summary.done.join('\n') };
    return html`<form @submit=${this.#keep}>
      ${FIELDS.map((name) => html`<div><label for=${name}>${t(`summary.${name}`)}</label>
        <textarea id=${name} name=${name} rows=${name === 'done' ? 3 : 2} .value=${value[name]}></textarea></div>`)}
      <div><button class="primary" ?disabled=${this.busy.has('keep_summary')}>${t('summary.keep')}</button></div>
    </form>`;
  }

  #keep(event) {
    event.preventDefault();
    const said = Object.fromEntries(new FormData(event.target));
    const done = said.done.split('\n').map((line) => line.trim()).filter(Boolean);
    act(this, 'keep_summary', { of: this.summary.of, summary: { ...said, done } });
  }
}

customElements.define('summary-card', SummaryCard);
