// The guide in the agent's own panel while it is written: what has been clicked is done again with
// every new text, so that an edit shows at the step at which one stands.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import '../panel/assist-panel.js';
import { ScriptedSource } from '../panel/source.js';
import { postJson } from '../shell/api.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

class GuidePreview extends LitElement {
  static properties = { guide: {}, text: {}, steps: { attribute: false }, broken: { type: Boolean }, source: { state: true }, cast: { state: true }, problem: { state: true }, lost: { state: true }, caller: { state: true } };

  static styles = [base, studioStyles, css`
    :host { display: grid; grid-template-rows: auto auto minmax(0, 1fr) auto; min-height: 0; background: var(--surface); }
    .tools { padding: var(--s-2) var(--s-3); border-bottom: 1px solid var(--line); font-size: var(--t-sm); }
    .tools select { max-width: 150px; min-height: 30px; }
    .tools label { display: inline-flex; gap: 6px; align-items: center; color: var(--ink-2); }
    details { width: 100%; } summary { cursor: pointer; color: var(--ink-2); border-radius: 3px; }
    details label { display: flex; justify-content: space-between; margin-top: var(--s-2); }
    .note { margin: var(--s-2) var(--s-3) 0; }
    assist-panel { min-height: 0; overflow: hidden; height: 100%; }
    form { display: flex; gap: var(--s-2); padding: var(--s-2) var(--s-3); border-top: 1px solid var(--line); }
  `];

  constructor() {
    super();
    new Words(this);
    this.caller = null;
    this.answers = {};
    this.deeds = [];
    this.lost = 0;
    this.steps = [];
  }

  updated(changed) {
    if (!changed.has('text') && !changed.has('broken')) return;
    clearTimeout(this.timer);
    if (this.broken) this.problem = { code: 'studio.errors' };
    else if (this.text && (this.problem || this.text !== this.played)) this.timer = setTimeout(() => this.#play(), this.source ? 200 : 0);
  }

  /** The whole call anew; where the text cannot be used yet, the last one that could stays. */
  async #play(deeds = this.deeds) {
    const asked = (this.asked = Symbol());
    const { text } = this;
    try {
      const told = await this.#ask(deeds, text);
      if (asked !== this.asked) return;
      this.played = text;
      const gone = new Set(told.refused.map((each) => each.deed));
      this.deeds = deeds.filter((_, i) => !gone.has(i));
      this.lost = gone.size;
      this.cast = told.cast;
      this.problem = null;
      this.source = new ScriptedSource(told.events, { outlines: told.outlines, onCommand: (command) => this.#press({ command }) });
      this.seen = told.events.length;
    } catch (error) {
      if (asked === this.asked) this.problem = error;
    }
  }

  #ask(deeds, text) {
    const scene = { caller: this.caller, answers: this.answers, deeds };
    return postJson(`/api/studio/guides/${encodeURIComponent(this.guide)}/preview`, { text, scene });
  }

  async #press(deed) {
    const deeds = [...this.deeds, deed];
    try {
      const told = await this.#ask(deeds, this.played);
      const own = told.refused.find((each) => each.deed === deeds.length - 1);
      if (own) return { refused: own };
      this.deeds = deeds;
      told.events.slice(this.seen).forEach((event) => this.source.push(event));
      this.seen = told.events.length;
      return { ok: true };
    } catch (error) {
      return { refused: { code: error.code ?? 'preview', message: error.message, remedy: error.remedy ?? '' } };
    }
  }

  #restart() {
    this.#play([]);
  }

  #say(event) {
    event.preventDefault();
    const say = new FormData(event.target).get('say').trim();
    event.target.reset();
    if (say && this.source) this.#press({ say, speaker: 'customer' });
  }

  render() {
    const { t } = this;
    return html`<div class="bar tools">
        ${this.cast ? html`<label>${t('preview.caller')}<select @change=${(e) => ((this.caller = e.target.value === '?' ? '' : e.target.value || null), this.#restart())}>
          <option value="">${t('preview.usual')}</option>${Object.entries(this.cast.customers).map(([id, name]) => html`<option value=${id} ?selected=${id === this.caller}>${name}</option>`)}<option value="?" ?selected=${this.caller === ''}>${t('preview.stranger')}</option></select></label>` : nothing}
        <span class="grow"></span><button class="plain" @click=${this.#restart}>${icon('rotate-cw', 14)}${t('preview.restart')}</button>
        ${this.#systems()}</div>
      <div role="status">${this.problem ? html`<div class="note"><p>${this.problem.code === 'studio.errors' ? t('preview.errors') : this.problem.message}</p></div>` : this.lost ? html`<div class="note"><p>${t('preview.lost', { count: this.lost })}</p></div>` : nothing}</div>
      ${this.source ? html`<assist-panel inner shortcuts="inside" .source=${this.source} .language=${t.lang}></assist-panel>` : html`<div class="none" role="status">${this.problem ? nothing : t('loading')}</div>`}
      <form @submit=${this.#say}><input name="say" aria-label=${t('preview.say')} placeholder=${t('preview.say')} autocomplete="off"><button class="plain" aria-label=${t('preview.send')}>${icon('send', 14)}</button></form>`;
  }

  #systems() {
    const { t } = this;
    const asked = new Set(this.steps.filter((step) => step.kind === 'diagnose').map((step) => step.named));
    const systems = Object.entries(this.cast?.answers ?? {}).filter(([name]) => asked.has(name));
    if (!systems.length) return nothing;
    return html`<details><summary>${t('preview.systems')}</summary>${systems.map(([name, answers]) => html`<label><code>${name}</code><select @change=${(e) => ((this.answers = { ...this.answers, [name]: e.target.value }), this.#play())}>
      ${answers.map((each) => html`<option value=${each}>${each === 'down' ? t('preview.down') : each}</option>`)}</select></label>`)}</details>`;
  }
}

customElements.define('guide-preview', GuidePreview);
