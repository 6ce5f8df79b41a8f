// <demo-shelf>: the recordings of the corpus; one without a stored call is run through the real
// recogniser once.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { postJson } from '../shell/api.js';
import { roomStyles } from './parts.js';

const LOOK_EVERY_MS = 3000;

export class DemoShelf extends LitElement {
  static properties = { t: { attribute: false }, asking: { attribute: false }, attempt: { attribute: false }, found: { state: true }, running: { state: true } };

  static styles = [base, roomStyles, css`
    .lead { color: var(--ink-2); font-size: var(--t-sm); max-width: 76ch; margin-bottom: var(--s-3); }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px var(--s-4); padding: var(--s-3) var(--s-4); align-items: center; }
    li + li { border-top: 1px solid var(--line); }
    .name { font-weight: var(--w-medium); }
    .about { font-size: var(--t-sm); color: var(--ink-2); }
  `];

  constructor() {
    super();
    this.found = null;
    this.running = new Set();
  }

  firstUpdated() {
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
  }

  async load() {
    const found = await this.asking('/api/training/demos');
    if (!found) return;
    this.found = found;
    this.running = new Set([...this.running].filter((name) => !found.demos.find((demo) => demo.name === name)?.call));
    if (this.running.size) this.timer = setTimeout(() => this.load(), LOOK_EVERY_MS);
  }

  async #run(demo) {
    this.running = new Set(this.running).add(demo.name);
    const begun = await this.attempt(() => postJson(`/api/training/demos/${encodeURIComponent(demo.name)}/run`));
    if (begun) this.load();
    else this.running = new Set([...this.running].filter((name) => name !== demo.name));
  }

  render() {
    const { t, found } = this;
    return html`<p class="lead">${t('demos.text')}</p>
      <section class="card" aria-busy=${!found} aria-label=${t('tab.demos')}>
      ${!found ? html`<p class="none">${t('loading')}</p>` : found.demos.length ? html`<ul>${found.demos.map((demo) => this.#demo(demo))}</ul>`
        : html`<div class="none">${icon('inbox', 22)}<strong>${t('demos.none')}</strong><span>${t('demos.none.text')}</span></div>`}</section>`;
  }

  #demo(demo) {
    const { t, found } = this;
    const guide = found.guides[demo.scenario] ?? '';
    const running = this.running.has(demo.name);
    return html`<li><div><p class="name">${guide || demo.title}</p>${guide ? html`<p class="about">${demo.title}</p>` : nothing}
        <small>${demo.lang === 'en' ? 'English' : '中文'} · <span class="num">${clock(demo.duration_s * 1000)}</span> · ${t(demo.scenario ? 'demos.expects' : 'demos.expects.none')} · ${t(`outcome.${demo.outcome}`)}</small>
        ${running ? html`<small role="status"><br>${t('demos.running.text')}</small>` : nothing}</div>
      ${demo.call
        ? html`<a class="button" href=${linkTo(`/training/calls/${encodeURIComponent(demo.call)}`)} aria-label=${t('demos.open.named', { title: demo.title })}>${icon('play', 14)}${t('demos.open')}</a>`
        : html`<button class="plain" ?disabled=${running} aria-label=${t('demos.run.named', { title: demo.title })} @click=${() => this.#run(demo)}>${icon('cog', 14)}${t(running ? 'demos.running' : 'demos.run')}</button>`}</li>`;
  }
}

customElements.define('demo-shelf', DemoShelf);
