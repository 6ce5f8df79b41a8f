// What a change means: for the walk in sentences, and line by line.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

const SIGNS = { gone: '−', new: '+', same: ' ', skip: '⋯' };

class TextDiff extends LitElement {
  static properties = { diff: { attribute: false } };

  static styles = [base, studioStyles, css`
    h3 { font-size: var(--t-sm); color: var(--ink-2); margin: var(--s-3) 0 var(--s-2); }
    ul li { padding: 4px 0; font-size: var(--t-sm); overflow-wrap: anywhere; }
    .lines { font: 12px/1.6 var(--font-mono); border: 1px solid var(--line); border-radius: var(--r-1); overflow-x: auto; }
    .line { display: grid; grid-template-columns: 34px 34px 16px max-content; min-width: max-content; padding-inline-end: var(--s-3); white-space: pre; }
    .line > span:nth-child(-n + 2) { color: var(--ink-3); text-align: end; padding-inline-end: 6px; user-select: none; }
    .gone { background: var(--bad-soft); } .new { background: var(--ok-soft); } .skip { color: var(--ink-3); background: var(--inset); }
    .gone > span:nth-child(-n + 2), .new > span:nth-child(-n + 2) { color: var(--ink-2); }
  `];

  constructor() {
    super();
    new Words(this);
  }

  render() {
    const { t, diff } = this;
    if (!diff) return html`<p class="tiny" role="status">${t('loading')}</p>`;
    return html`<h3>${t('diff.walk')}</h3>
      ${diff.walk.length ? html`<ul>${diff.walk.map((each) => html`<li><span class="tag">${t(`change.${each.kind}`)}</span> ${each.message}</li>`)}</ul>` : html`<p class="tiny">${t(diff.readable ? 'diff.walk.none' : 'diff.walk.unreadable')}</p>`}
      <h3>${t('diff.text')}</h3>
      ${diff.lines.length ? html`<div class="lines" tabindex="0" role="region" aria-label=${t('diff.text')}>${diff.lines.map((line) => html`<div class="line ${line.tag}"><span>${line.tag === 'skip' ? nothing : line.old}</span><span>${line.tag === 'skip' ? nothing : line.new}</span><span>${SIGNS[line.tag]}</span><span>${line.text}</span></div>`)}</div>` : html`<p class="tiny">${t('diff.same')}</p>`}`;
  }
}

customElements.define('text-diff', TextDiff);
