// <practice-shelf>: what one may practise: calls that a trainer has marked, and simulated callers.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { postJson } from '../shell/api.js';
import { roomStyles, when } from './parts.js';

const HINTS = ['shown', 'on_request', 'hidden'];
const MOST_SEED = 9999;

export class PracticeShelf extends LitElement {
  static properties = { t: { attribute: false }, asking: { attribute: false }, attempt: { attribute: false }, open: { state: true }, hints: { state: true }, guide: { state: true }, busy: { state: true } };

  static styles = [base, roomStyles, css`
    :host { display: grid; gap: var(--s-5); grid-template-columns: minmax(0, 1fr); align-items: start; }
    @media (min-width: 980px) { :host { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); } }
    section > p { color: var(--ink-2); font-size: var(--t-sm); margin: 2px 0 var(--s-3); }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px var(--s-3); padding: var(--s-3) var(--s-4); align-items: center; }
    li + li { border-top: 1px solid var(--line); }
    .whole { grid-column: 1 / -1; }
    .name { font-weight: var(--w-medium); }
    .goal { font-size: var(--t-sm); color: var(--ink-2); overflow-wrap: anywhere; }
    fieldset { grid-column: 1 / -1; border: 0; margin: 0; padding: 0; display: grid; gap: var(--s-2); }
    legend { padding: 0; margin-bottom: var(--s-2); font-weight: var(--w-strong); font-size: var(--t-lg); }
    .modes { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: var(--s-2); }
    .modes label { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 var(--s-2); align-items: center; padding: var(--s-2) var(--s-3); border: 1px solid var(--line); border-radius: var(--r-2); background: var(--surface); cursor: pointer; }
    .modes label:has(:checked) { border-color: var(--accent); background: var(--accent-soft); }
    .modes label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 2px; }
    .modes input { width: 15px; min-height: 15px; margin: 0; accent-color: var(--accent); box-shadow: none; }
    .modes small { grid-column: 2; }
    .modes label:has(:checked) small { color: var(--ink-2); }
    form { display: grid; gap: var(--s-3); padding: var(--s-4); }
    .two { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s-3); }
  `];

  constructor() {
    super();
    this.open = null;
    this.hints = 'shown';
    this.guide = '';
    this.busy = false;
  }

  firstUpdated() {
    this.load();
  }

  async load() {
    this.open = (await this.asking('/api/training/open')) ?? this.open;
  }

  async #begin(asked) {
    this.busy = true;
    const begun = await this.attempt(() => postJson('/api/training/practices', { hints: this.hints, ...asked }));
    this.busy = false;
    if (begun) location.assign(linkTo(`/training/practice/${encodeURIComponent(begun.practice)}`));
  }

  #call(event) {
    event.preventDefault();
    const { guide, temperament, seed, case: number } = Object.fromEntries(new FormData(event.target));
    const { scenarios } = this.open;
    const own = scenarios.filter((each) => each.lang === this.t.lang);
    const drawn = (own.length ? own : scenarios)[Number(seed) % (own.length || scenarios.length)];
    this.#begin({ guide: guide || drawn.guide, temperament, seed: Number(seed), ...(number ? { case: Number(number) } : {}) });
  }

  render() {
    const { t, open } = this;
    if (!open) return html`<p class="none" aria-busy="true">${t('loading')}</p>`;
    return html`<fieldset><legend>${t('practice.hints')}</legend><div class="modes">${HINTS.map(
      (name) => html`<label><input type="radio" name="hints" value=${name} .checked=${this.hints === name} @change=${() => (this.hints = name)}>
        <span>${t(`hints.${name}`)}</span><small>${t(`hints.${name}.text`)}</small></label>`)}</div></fieldset>
      ${open.unfinished.length ? html`<section class="whole" aria-labelledby="unfinished"><h2 id="unfinished">${t('practice.unfinished')}</h2><p>${t('practice.unfinished.text')}</p>
        <ul class="card">${open.unfinished.map((each) => this.#unfinished(each))}</ul></section>` : nothing}
      <section aria-labelledby="cases"><h2 id="cases">${t('practice.cases')}</h2><p>${t('practice.cases.text')}</p>
        <div class="card">${open.cases.length ? html`<ul>${open.cases.map((each) => this.#case(each))}</ul>`
          : html`<div class="none">${icon('bookmark', 22)}<strong>${t('practice.cases.none')}</strong><span>${t('practice.cases.none.text')}</span></div>`}</div></section>
      <section aria-labelledby="simulated"><h2 id="simulated">${t('practice.simulated')}</h2><p>${t('practice.simulated.text')}</p>${this.#simulated()}</section>`;
  }

  #unfinished({ practice, title, touched_at }) {
    const { t } = this;
    const name = title || t('kind.simulated');
    return html`<li><div><p class="name">${name}</p><small>${t('practice.touched', { at: when(touched_at, t.lang) })}</small></div>
      <a class="button" href=${linkTo(`/training/practice/${encodeURIComponent(practice)}`)} aria-label=${t('practice.go_on.named', { title: name })}>${icon('play', 14)}${t('practice.go_on')}</a></li>`;
  }

  #case(each) {
    const { t } = this;
    return html`<li><div><p class="name">${each.title}</p>${each.goal ? html`<p class="goal">${each.goal}</p>` : nothing}
        <small>${each.lang === 'en' ? 'English' : '中文'} · ${when(each.started_at, t.lang)} · ${t('case.by', { by: each.by })}</small></div>
      <button class="primary" ?disabled=${this.busy} aria-label=${t('practice.start.named', { title: each.title })} @click=${() => this.#begin({ call: each.call })}>${t('practice.start')}</button></li>`;
  }

  #simulated() {
    const { t, open } = this;
    const chosen = open.scenarios.find((each) => each.guide === this.guide);
    const named = Array.isArray(chosen?.cases) ? chosen.cases : null;
    return html`<form class="card" @submit=${this.#call}>
      <label class="field">${t('practice.guide')}<select name="guide" @change=${({ target }) => (this.guide = target.value)}>
        <option value="">${t('practice.guide.any')}</option>${open.scenarios.map((each) => html`<option value=${each.guide}>${each.title}</option>`)}</select></label>
      ${named ? html`<label class="field">${t('practice.case')}<select name="case"><option value="">${t('practice.case.any')}</option>
        ${named.map((name, number) => html`<option value=${number}>${name}</option>`)}</select></label>` : nothing}
      <div class="two"><label class="field">${t('practice.temperament')}<select name="temperament">${open.temperaments.map((name) => html`<option value=${name}>${t(`temperament.${name}`)}</option>`)}</select></label>
        <label class="field">${t('practice.seed')}<input name="seed" type="number" min="0" max=${MOST_SEED} required .defaultValue=${String(1 + Math.floor(Math.random() * MOST_SEED))} aria-describedby="seed"></label></div>
      <small id="seed">${t('practice.seed.text')}</small>
      <div class="row"><button class="primary" ?disabled=${this.busy}>${icon('phone', 14)}${t('practice.start')}</button></div></form>`;
  }
}

customElements.define('practice-shelf', PracticeShelf);
