// What is wrong with the questions as a whole: near-duplicates and other problems, and the heat map of
// scenarios that take callers from each other.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { JobWatch } from '../studio/job.js';
import { studioStyles } from '../studio/studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';
import './heat-map.js';

const FEW = 100;

class CorpusChecks extends LitElement {
  static properties = { titles: { attribute: false }, takes: { attribute: false }, check: { state: true }, overlap: { state: true }, error: { state: true } };
  static styles = [base, studioStyles, css`
    .card { padding: var(--s-3) var(--s-4); margin-top: var(--s-3); }
    progress { width: 260px; accent-color: var(--accent); }
    h2 { font-size: var(--t-sm); color: var(--ink-2); }
    ol { max-height: 260px; overflow-y: auto; margin-top: var(--s-2); }
    li { display: grid; grid-template-columns: 16px max-content minmax(0, 1fr) auto; gap: var(--s-2); padding: 4px 0; font-size: var(--t-sm); align-items: start; }
    li .icon { margin-top: 3px; } li.error .icon { color: var(--bad); } li.warning .icon { color: var(--warn); }
    li button { min-height: 0; }
  `];

  constructor() {
    super();
    new Words(this);
    this.watch = new JobWatch(() => this.requestUpdate());
  }

  async #run(kind) {
    this.error = null;
    try {
      const result = await this.watch.run(`/api/studio/corpus/${kind}`);
      if (!result) return;
      this[kind] = result;
      if (kind === 'overlap') this.takes = { ...this.takes, overlap: 0 };
    } catch (error) {
      this.error = error;
    }
  }

  render() {
    const { t, watch } = this;
    return html`<div class="bar">${this.#button('check', t('check.run'))}${this.#button('overlap', t('overlap.run'))}${watch.running ? this.#progress() : nothing}</div>
      ${watch.job?.state === 'cancelled' ? html`<p class="tiny" role="status">${t('stopped')}</p>` : nothing}
      ${trouble(this.error)}
      ${this.check ? this.#check() : nothing}
      ${this.overlap ? html`<section class="card" aria-label=${t('overlap.title')}><div class="bar"><h2>${t('overlap.title')}</h2><span class="grow"></span><button class="icon-button" aria-label=${t('close')} @click=${() => (this.overlap = null)}>${icon('x', 15)}</button></div>${this.overlap.languages.map((one) => html`<heat-map .overlap=${one} .titles=${this.titles}></heat-map>`)}</section>` : nothing}`;
  }

  /** How long it takes stands beside it before it begins. */
  #button(kind, label) {
    const { t, watch } = this;
    const takes = this.takes?.[kind];
    const said = takes === undefined ? '' : takes === 0 ? t('takes.known') : takes < 50 ? t('takes.seconds', { count: 10 * Math.ceil(takes / 10) }) : t('takes.minutes', { count: Math.ceil(takes / 60) });
    return html`<button class="plain" ?disabled=${watch.running} @click=${() => this.#run(kind)}>${icon('play', 14)}${label}${said ? html`<span class="tiny">${said}</span>` : nothing}</button>`;
  }

  #progress() {
    const { t, watch } = this;
    const { job } = watch;
    const [, lang] = / (zh|en)$/.exec(job.what) ?? [];
    const what = lang ? t('job.fit', { lang: t(`lang.${lang}`) }) : t.or(`job.${job.what.split(' ')[0]}`, '');
    return html`<span role="status" class="small">${watch.stopping ? t('stopping') : !job.what ? t('job.begin') : t('job.busy', { what, done: job.done, total: job.total || '…' })}</span>
      <progress aria-label=${t('progress')} max=${job.total || 1} value=${job.total ? job.done : nothing}></progress><button class="ghost" ?disabled=${watch.stopping} @click=${() => watch.cancel()}>${t('stop')}</button>`;
  }

  #check() {
    const { t } = this;
    const { problems, rows } = this.check;
    return html`<section class="card" aria-label=${t('check.title')}><div class="bar"><h2>${t('check.title')}</h2><span class="small" role="status">${t(problems.length ? 'check.found' : 'check.clean', { count: problems.length, rows })}</span><span class="grow"></span><button class="icon-button" aria-label=${t('close')} @click=${() => (this.check = null)}>${icon('x', 15)}</button></div>
      ${problems.length ? html`<ol tabindex="0" aria-label=${t('check.title')}>${problems.slice(0, FEW).map((each) => html`<li class=${each.level}>${icon(each.level === 'error' ? 'circle-alert' : 'triangle-alert', 14)}<span class="tag">${t.or(`rule.${each.rule.replaceAll('-', '_')}`, each.rule)}</span><span>${each.message[t.lang]}</span>
        ${each.row ? html`<button class="link" @click=${() => this.dispatchEvent(new CustomEvent('corpus-find', { detail: each.row, bubbles: true, composed: true }))}>${each.row}</button>` : nothing}</li>`)}</ol>` : nothing}</section>`;
  }
}

customElements.define('corpus-checks', CorpusChecks);
