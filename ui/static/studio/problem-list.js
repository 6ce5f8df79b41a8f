// Everything the checker finds, in the order of the text; a click goes there.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

class ProblemList extends LitElement {
  static properties = { problems: { attribute: false } };

  static styles = [base, studioStyles, css`
    :host { border-top: 1px solid var(--line); background: var(--surface); }
    .head { display: flex; gap: var(--s-3); align-items: center; min-height: 34px; padding: 0 var(--s-3); font-size: var(--t-sm); color: var(--ink-2); }
    .errors { color: var(--bad-ink); } .warnings { color: var(--warn-ink); } .clean { color: var(--ok-ink); }
    ol { max-height: 132px; overflow-y: auto; border-top: 1px solid var(--line); }
    li button { width: 100%; min-height: 28px; padding: 3px var(--s-3); border-radius: 0; display: grid; grid-template-columns: 16px 52px minmax(0, 1fr); gap: var(--s-2); justify-content: start; align-items: start; font-size: var(--t-sm); }
    li button:hover { background: var(--hover); }
    li .icon { margin-top: 3px; }
    li.error .icon { color: var(--bad); } li.warning .icon { color: var(--warn); }
    .place { color: var(--ink-3); font-variant-numeric: tabular-nums; }
    code { font: var(--t-xs) var(--font-mono); color: var(--ink-3); }
  `];

  constructor() {
    super();
    new Words(this);
    this.problems = null;
  }

  render() {
    const { t, problems } = this;
    if (!problems) return html`<div class="head" role="status">${t('check.busy')}</div>`;
    const errors = problems.filter((each) => each.level === 'error').length;
    const warnings = problems.length - errors;
    return html`<div class="head" role="status">${problems.length ? nothing : html`<span class="clean">${t('check.clean')}</span>`}
        ${errors ? html`<span class="errors">${t('errors', { count: errors })}</span>` : nothing}${warnings ? html`<span class="warnings">${t('warnings', { count: warnings })}</span>` : nothing}</div>
      ${problems.length ? html`<ol aria-label=${t('check.title')} tabindex="0">${problems.map((each) => html`<li class=${each.level}><button @click=${() => this.#go(each)}>
        ${icon(each.level === 'error' ? 'circle-alert' : 'triangle-alert', 14)}<span class="place"><span class="sr">${t(`level.${each.level}`)}, ${t('line')} </span>${each.line}:${each.column}</span><span>${each.message[t.lang]} <code>${each.rule}</code></span></button></li>`)}</ol>` : nothing}`;
  }

  #go({ line, column }) {
    this.dispatchEvent(new CustomEvent('studio-go', { detail: { line, column }, bubbles: true, composed: true }));
  }
}

customElements.define('problem-list', ProblemList);
