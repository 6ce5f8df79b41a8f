// One guide: its text or its form on the left, what becomes of it on the right.

import { LitElement, html, css } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { linkTo } from '../server.js';
import { getJson, postJson } from '../shell/api.js';
import './guide-actions.js';
import './guide-form.js';
import './guide-graph.js';
import './guide-history.js';
import './guide-preview.js';
import './guide-trials.js';
import { Work } from './guide-work.js';
import './problem-list.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';
import './yaml-editor.js';

const CHECK_AFTER_MS = 350;
const SIDES = ['preview', 'graph', 'trials', 'history'];

class GuidePage extends LitElement {
  static properties = { guide: {}, error: { state: true }, check: { state: true }, vocabulary: { state: true }, view: { state: true }, side: { state: true }, line: { state: true }, tick: { state: true } };

  static styles = [base, studioStyles, css`
    :host { display: flex; flex-direction: column; height: calc(100dvh - 49px); min-height: 420px; }
    .split { flex: 1; min-height: 0; display: grid; grid-template-columns: minmax(0, 1fr) 420px; }
    .half { min-height: 0; display: grid; grid-template-rows: auto minmax(0, 1fr) auto; }
    .half + .half { border-inline-start: 1px solid var(--line); }
    .half > .tabs { padding: 5px var(--s-3); border-bottom: 1px solid var(--line); background: var(--surface); }
    .half > .tabs button { min-height: 28px; font-size: var(--t-sm); }
    .pane { min-height: 0; display: grid; grid-template-rows: minmax(0, 1fr); }
    .pane > * { min-height: 0; }
    @media (max-width: 900px) {
      :host { height: auto; }
      .split { grid-template-columns: minmax(0, 1fr); }
      .half { height: 82dvh; min-height: 380px; }
    }
  `];

  constructor() {
    super();
    new Words(this);
    this.view = 'text';
    this.side = 'preview';
    this.line = 1;
    this.tick = 0;
    this.onLeave = (event) => this.work && !['saved', 'stale'].includes(this.work.saved) && event.preventDefault();
    this.addEventListener('studio-go', ({ detail }) => this.#go(detail));
    this.addEventListener('studio-moved', () => this.tick++);
    this.addEventListener('studio-published', () => this.work.load());
    this.addEventListener('studio-compare', () => (this.side = 'history'));
  }

  connectedCallback() {
    super.connectedCallback();
    this.role = 'main';
    addEventListener('beforeunload', this.onLeave);
    this.work = new Work(this.guide, () => this.#changed());
    this.#load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('beforeunload', this.onLeave);
  }

  async #load() {
    this.error = null;
    try {
      await this.work.load();
      this.vocabulary = await getJson('/api/studio/vocabulary');
    } catch (error) {
      this.error = error;
    }
  }

  /** The editor shows what the work holds, and the checker reads it. */
  #changed() {
    const { text } = this.work;
    const editor = this.renderRoot?.querySelector('yaml-editor');
    if (editor && editor.text !== text) editor.text = text;
    if (text !== this.checked) {
      this.checked = text;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.#check(), this.check ? CHECK_AFTER_MS : 0);
    }
    this.requestUpdate();
  }

  async #check() {
    const { text } = this.work;
    try {
      const check = await postJson(`${this.work.path}/check`, { text });
      if (text !== this.work.text) return;
      // While a line is half written the steps of the last good text serve.
      this.check = check.steps.length || !this.check ? check : { ...this.check, problems: check.problems };
      this.tried = text;
      this.failed = null;
    } catch (error) {
      this.failed = error;
      if (!error.status) this.timer = setTimeout(() => this.#check(), 5000);
    }
    this.requestUpdate();
  }

  #go({ line, column }) {
    this.line = line;
    if (this.view !== 'text') this.view = 'text';
    this.updateComplete.then(async () => {
      const editor = this.renderRoot.querySelector('yaml-editor');
      await editor.updateComplete;
      editor.goTo(line, column);
    });
  }

  render() {
    const { t, work, check } = this;
    if (!work?.info) return html`<div class="none">${this.error ? trouble(this.error, t, html`<a href=${linkTo('/studio')}>${t('nav.guides')}</a><button class="plain" @click=${this.#load}>${t('again')}</button>`) : html`<span role="status">${t('loading')}</span>`}</div>`;
    const problems = check?.problems ?? null;
    const tab = (name, now, choose, label) => html`<button role="tab" id=${`tab-${name}`} aria-selected=${now === name} aria-controls=${`pane-${label}`} tabindex=${now === name ? 0 : -1} @click=${() => choose(name)}>${t(`tab.${name}`)}</button>`;
    return html`<guide-actions .work=${work} .info=${work.info} .saved=${work.saved} .heading=${check?.title ?? ''} .errors=${problems?.filter((each) => each.level === 'error').length ?? 0}></guide-actions>
      <div class="split"><section class="half" aria-label=${t('half.write')}>
        <div class="tabs" role="tablist" aria-label=${t('half.write')} @keydown=${this.#arrows}>${['text', 'form'].map((name) => tab(name, this.view, (view) => (this.view = view), 'write'))}</div>
        <div class="pane" id="pane-write" role="tabpanel" aria-labelledby=${`tab-${this.view}`}>${this.#write()}</div>
        <div>${trouble(this.failed, t)}<problem-list .problems=${problems}></problem-list></div></section>
      <section class="half" aria-label=${t('half.try')}>
        <div class="tabs" role="tablist" aria-label=${t('half.try')} @keydown=${this.#arrows}>${SIDES.map((name) => tab(name, this.side, (side) => (this.side = side), 'try'))}</div>
        <div class="pane" id="pane-try" role="tabpanel" aria-labelledby=${`tab-${this.side}`}>${this.#try()}</div></section></div>`;
  }

  #write() {
    const { t, work, check } = this;
    if (this.view === 'form')
      return html`<guide-form .guide=${this.guide} .text=${work.text} .facts=${check ?? { steps: [], slots: {} }} .vocabulary=${this.vocabulary} .line=${this.line} @form-text=${({ detail }) => work.change(detail.text)}></guide-form>`;
    return html`<yaml-editor .initial=${work.text} .problems=${check?.problems ?? []} .facts=${check ?? { steps: [], slots: {} }} .vocabulary=${this.vocabulary} .label=${t('editor.label', { guide: this.guide })} .language=${t.lang}
      @editor-text=${({ detail }) => work.change(detail.text)} @editor-line=${({ detail }) => (this.line = detail.line)}></yaml-editor>`;
  }

  #try() {
    const { work, check } = this;
    if (this.side === 'graph') return html`<guide-graph .steps=${check?.steps ?? []} .edges=${check?.edges ?? []} .problems=${check?.problems ?? []} .line=${this.line}></guide-graph>`;
    if (this.side === 'trials') return html`<guide-trials .guide=${this.guide} .text=${work.text}></guide-trials>`;
    if (this.side === 'history') return html`<guide-history .guide=${this.guide} .text=${work.text} .tick=${this.tick}></guide-history>`;
    return html`<guide-preview .guide=${this.guide} .text=${this.tried ?? ''} .broken=${check?.problems.some((each) => each.level === 'error') ?? false} .steps=${check?.steps ?? []}></guide-preview>`;
  }

  /** Tabs by the arrow keys, as in any tab list. */
  #arrows(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...event.currentTarget.querySelectorAll('[role=tab]')];
    const next = tabs[(tabs.indexOf(event.target) + step + tabs.length) % tabs.length];
    next.click();
    next.focus();
  }
}

customElements.define('guide-page', GuidePage);
