// The text tried before anybody is led by it: its own tests, and the calls of the last weeks.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { JobWatch } from './job.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words, moment } from './words.js';

class GuideTrials extends LitElement {
  static properties = { guide: {}, text: {}, tests: { state: true }, backtest: { state: true }, error: { state: true } };

  static styles = [base, studioStyles, css`
    :host { overflow-y: auto; background: var(--surface); }
    .all { padding: var(--s-3) var(--s-4); display: grid; gap: var(--s-3); }
    h2 { font-size: var(--t-sm); color: var(--ink-2); }
    progress { width: 100%; accent-color: var(--accent); }
    li { padding: 4px 0; font-size: var(--t-sm); overflow-wrap: anywhere; }
    li .icon { display: inline-block; vertical-align: -3px; margin-inline-end: 6px; }
    .passed .icon { color: var(--ok); } .failed .icon { color: var(--bad); }
    .call a { text-decoration: underline; text-underline-offset: 3px; }
    .call { border-top: 1px solid var(--line); padding: var(--s-2) 0; }
    dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 2px var(--s-3); font-size: var(--t-sm); }
    dt { color: var(--ink-2); } dd { overflow-wrap: anywhere; }
    dd del { color: var(--ink-3); }
  `];

  constructor() {
    super();
    new Words(this);
    this.watch = new JobWatch(() => this.requestUpdate());
  }

  willUpdate(changed) {
    if (!changed.has('guide') || !this.guide) return;
    this.tests = this.backtest = null;
    this.#show(() => this.watch.left(this.guide));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.leave();
  }

  #run(kind) {
    this[kind] = null;
    const path = `/api/studio/guides/${encodeURIComponent(this.guide)}/${kind}`;
    const { text } = this;
    return this.#show(() => ({ kind, about: text, result: this.watch.run(this.guide, path, { text }, text) }));
  }

  async #show(begin) {
    this.error = null;
    try {
      const begun = await begin();
      const result = await begun?.result;
      if (result) this[begun.kind] = { ...result, text: begun.about };
    } catch (error) {
      this.error = error;
    }
  }

  render() {
    const { t, watch } = this;
    const { job } = watch;
    return html`<div class="all">
      <div class="bar"><button class="plain" ?disabled=${watch.running} @click=${() => this.#run('tests')}>${icon('play', 14)}${t('tests.run')}</button>
        <button class="plain" ?disabled=${watch.running} @click=${() => this.#run('backtest')}>${icon('play', 14)}${t('backtest.run')}</button></div>
      ${watch.running ? html`<div role="status"><p class="small">${t(job.kind === 'tests' ? 'tests.busy' : 'backtest.busy', { done: job.done, total: job.total || '…' })}</p>
        <progress aria-label=${t('progress')} max=${job.total || 1} value=${job.total ? job.done : nothing}></progress><button class="ghost" @click=${() => watch.cancel()}>${t('stop')}</button></div>` : nothing}
      ${job?.state === 'cancelled' ? html`<p class="tiny" role="status">${t('stopped')}</p>` : nothing}
      ${trouble(this.error, t)}
      ${this.tests ? this.#tests() : nothing}${this.backtest ? this.#calls() : nothing}
      ${this.tests || this.backtest || watch.running || this.error ? nothing : html`<div class="none"><strong>${t('trials.none')}</strong>${t('trials.none.text')}</div>`}</div>`;
  }

  #tests() {
    const { t } = this;
    const { exam, broken } = this.tests;
    const passed = exam?.cases.filter((each) => each.passed).length ?? 0;
    const share = (part) => `${Math.floor(100 * part)}%`;
    return html`<section aria-label=${t('tests.title')}><h2>${t('tests.title')}</h2>
      ${this.#old(this.tests)}
      ${exam?.cases.length ? html`<p class="small" role="status">${t('tests.passed', { passed, count: exam.cases.length, steps: share(exam.steps), ways: share(exam.branches) })}</p>
        <ul>${exam.cases.map((each) => html`<li class=${each.passed ? 'passed' : 'failed'}>${icon(each.passed ? 'check' : 'x', 15)}<span class="sr">${t(each.passed ? 'tests.good' : 'tests.bad')}: </span>${each.case}</li>`)}</ul>` : html`<p class="tiny">${t('tests.none')}</p>`}
      ${[...(exam?.problems ?? []), ...broken].map((each) => html`<div class="note bad"><p>${each.path}:${each.line} ${each.message[t.lang]}</p></div>`)}</section>`;
  }

  #calls() {
    const { t } = this;
    const { calls, changed } = this.backtest;
    return html`<section aria-label=${t('backtest.title')}><h2>${t('backtest.title')}</h2>${this.#old(this.backtest)}
      <p class="small" role="status">${t(calls ? 'backtest.count' : 'backtest.none', { changed: changed.length, count: calls })}</p>
      ${changed.map((call) => html`<div class="call"><p class="small"><a href=${linkTo(`/panel?call=${encodeURIComponent(call.call)}`)}>${call.call}</a> <span class="tiny">${moment(call.started_at, t)} ${call.guide}</span></p>
        <dl>${call.differences.map((each) => html`<dt>${this.#what(each.what)}</dt><dd><del>${this.#value(each.what, each.then)}</del> → ${this.#value(each.what, each.now)}</dd>`)}</dl>
        ${call.refused ? html`<p class="tiny">${t('backtest.refused', { count: call.refused })}</p>` : nothing}</div>`)}</section>`;
  }

  /** `slot NAME` and `field NAME` say of which. */
  #what(what) {
    const [kind, ...name] = what.split(' ');
    return `${this.t.or(`differs.${kind}`, kind)} ${name.join(' ')}`;
  }

  #value(what, value) {
    const { t } = this;
    return what === 'outcome' ? t.or(`outcome.${value}`, value) : t.or(`differs.${value}`, value);
  }

  #old({ text }) {
    return text === this.text ? nothing : html`<p class="tiny">${this.t('trials.old')}</p>`;
  }
}

customElements.define('guide-trials', GuideTrials);
