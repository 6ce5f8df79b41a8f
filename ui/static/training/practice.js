// <practice-page>: a trainee before a recorded or simulated caller: the conversation on one side, the
// real panel on the other; at the end the score in its place.

import { html, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { troubleStyles } from '../panel/trouble-note.js';
import '../panel/assist-panel.js';
import { linkTo } from '../server.js';
import { getJson } from '../shell/api.js';
import { translatorOf } from '../texts.js';
import { RoomPage, roomStyles } from './parts.js';
import { practiceStyles } from './practice-styles.js';
import { PracticeSource } from './room-source.js';
import { TRAINING_TEXTS } from './training-texts.js';
import './score-view.js';

const TICK_MS = 500;
const GONE = { training: 'closed', 'training.changed': 'changed' };

export class PracticePage extends RoomPage {
  static properties = {
    language: {}, trouble: { state: true }, practice: { state: true }, result: { state: true }, lines: { state: true },
    hint: { state: true }, pace: { state: true }, asking: { state: true }, elapsed_ms: { state: true }, gone: { state: true },
  };

  static styles = [base, troubleStyles, roomStyles, practiceStyles];

  constructor() {
    super(translatorOf(TRAINING_TEXTS));
    this.id = decodeURIComponent(location.pathname.split('/').pop());
    this.practice = null;
    this.result = null;
    this.lines = [];
    this.pace = false;
    this.elapsed_ms = 0;
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
    this.timer = setInterval(() => this.#tick(), TICK_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  /** The practice as it stands, or its score once it is finished. */
  async load() {
    const practice = await this.attempt(() => getJson(`/api/training/practices/${encodeURIComponent(this.id)}`));
    this.gone = GONE[this.trouble?.code] ?? '';
    if (practice?.scored) this.result = await this.attempt(() => getJson(`/api/training/results/${encodeURIComponent(this.id)}?lang=${this.language}`));
    if (!practice || practice.scored) return;
    this.source = new PracticeSource(practice, (answer) => this.#stands(answer));
    this.practice = practice;
    this.lines = linesOf(practice.events);
    this.#since(practice);
  }

  spoken() {
    if (this.result) this.load();
  }

  #stands(answer) {
    this.practice = { ...this.practice, ...answer };
    this.lines = [...this.lines, ...linesOf(answer.events ?? [])];
    this.#since(answer);
    this.updateComplete.then(() => this.renderRoot.querySelector('.lines')?.lastElementChild?.scrollIntoView({ block: 'nearest' }));
  }

  #since({ at_ms }) {
    this.origin = performance.now() - at_ms;
    this.elapsed_ms = at_ms;
  }

  #tick() {
    const { practice } = this;
    if (!practice || practice.over || this.result) return;
    this.elapsed_ms = performance.now() - this.origin;
    const due = this.pace && practice.next_ms !== null && this.elapsed_ms >= practice.next_ms;
    if (due && !this.busy) this.#ask('next');
  }

  async #ask(what, body) {
    if (this.busy) return undefined;
    this.busy = true;
    const answer = await this.attempt(() => this.source.ask(what, body));
    this.busy = false;
    return answer;
  }

  async #say(event) {
    event.preventDefault();
    const box = event.target.elements.text;
    const text = box.value.trim();
    if (!text) {
      if (this.practice.left) this.#ask('next');
      return;
    }
    box.value = '';
    if (!(await this.#ask('say', { text }))) box.value = text;
  }

  async #hint() {
    const answer = await this.#ask('hint');
    if (answer) this.hint = answer.hint;
  }

  async #finish() {
    if (!this.practice.over && !this.asking) {
      this.asking = true;
      return;
    }
    if (await this.#ask('finish')) await this.load();
  }

  render() {
    const { t } = this;
    if (this.result) return this.#scored();
    if (this.gone) {
      return html`<main><div class="card none">${icon('inbox', 24)}<strong>${t(`gone.${this.gone}`)}</strong><span>${t(`gone.${this.gone}.text`)}</span><a class="to" href=${linkTo('/training#practice')}>${t('back')}</a></div></main>`;
    }
    if (!this.practice) return html`<main>${this.trouble ? this.troubled(() => this.load()) : html`<p class="none" aria-busy="true">${t('loading')}</p>`}</main>`;
    return html`<main>${this.#head()}${this.troubled()}
      <div class="stage">${this.#talk()}
        <section class="panel card" aria-label=${t('panel')}><assist-panel inner .source=${this.source} .language=${this.language}></assist-panel></section></div></main>`;
  }

  #head() {
    const { t, practice } = this;
    return html`<div class="head"><a class="button" href=${linkTo('/training#practice')} aria-label=${t('back')} title=${t('back')}>${icon('chevron-left', 15)}</a>
      <h1>${practice.title || t(`kind.${practice.kind}`)}</h1>
      <span class="num time" role="timer">${clock(this.elapsed_ms)}</span>
      ${practice.over ? nothing : html`<button class="plain" @click=${() => this.#ask('hang-up')}>${icon('phone', 14)}${t('hangup')}</button>`}
      ${this.asking && !practice.over
        ? html`<span class="sure" role="alert">${t('finish.sure')}</span><button class="primary" @click=${this.#finish}>${t('finish.yes')}</button><button class="ghost" @click=${() => (this.asking = false)}>${t('finish.no')}</button>`
        : html`<button class="primary" @click=${this.#finish}>${icon('check', 14)}${t('finish')}</button>`}</div>`;
  }

  #talk() {
    const { t, practice } = this;
    const recorded = practice.kind === 'recorded';
    return html`<section class="talk card">
      <div class="lines" role="log" tabindex="0" aria-label=${t('conversation')}>${this.lines.length
        ? this.lines.map((line) => html`<div class=${line.speaker}><small>${t(line.speaker === 'agent' ? 'you' : 'caller')} <span class="num">${clock(line.at_ms)}</span></small><p>${line.text}</p></div>`)
        : html`<div class="none">${icon('phone', 24)}<strong>${t('ringing.title')}</strong><span>${t(recorded ? 'ringing.recorded' : 'ringing.simulated')}</span></div>`}</div>
      ${this.hint ? html`<p class="hint" role="status">${icon('lightbulb', 15)}<span>${hintText(this.hint, t)}</span></p>` : nothing}
      ${practice.over ? html`<p class="over" role="status">${t('over')}</p>` : this.#sayForm(recorded)}
      <div class="row foot">
        ${practice.hints === 'on_request' ? html`<button class="plain" @click=${this.#hint}>${icon('lightbulb', 14)}${t('hint')}</button><small>${t('hint.used', { count: practice.hints_used })}</small>` : nothing}
        ${recorded && !practice.over ? html`<label class="check"><input type="checkbox" .checked=${this.pace} @change=${({ target }) => (this.pace = target.checked)}>${t('pace')}</label>
          <small class="num">${practice.left ? t('left', { count: practice.left }) : t('left.none')}</small>` : nothing}</div></section>`;
  }

  #sayForm(recorded) {
    const { t, practice } = this;
    return html`<form @submit=${this.#say}>
      <input name="text" aria-label=${t('say')} placeholder=${t('say.hint')} aria-describedby="say-keys" autocomplete="off" maxlength="2000">
      <button class="primary">${icon('send', 14)}${t('send')}</button>
      ${recorded ? html`<button type="button" class="plain" ?disabled=${!practice.left} @click=${() => this.#ask('next')}>${icon('user', 14)}${t('next')}</button>` : nothing}
      <small id="say-keys">${t(recorded ? 'say.keys' : 'say.keys.simulated')}${practice.hints === 'shown' ? nothing : html` · ${t('say.choose')}`}</small></form>`;
  }

  #scored() {
    const { t, result } = this;
    return html`<main><div class="head"><a class="button" href=${linkTo('/training#practice')} aria-label=${t('back')} title=${t('back')}>${icon('chevron-left', 15)}</a>
      <h1>${t('score.title')} <small>${result.title}</small></h1>
      <a class="button" href=${linkTo(`/training/report/${encodeURIComponent(result.id)}?lang=${t.lang}`)} target="_blank">${icon('printer', 14)}${t('score.print')}</a>
      <a class="button" href=${linkTo(`/training/progress?login=${encodeURIComponent(result.login)}`)}>${icon('activity', 14)}${t('score.progress')}</a>
      <a class="button" href=${linkTo('/training#practice')}>${icon('rotate-cw', 14)}${t('score.again')}</a></div>
      <score-view .t=${t} .result=${result}></score-view></main>`;
  }
}

const linesOf = (events) => events
  .filter(({ fact }) => fact.kind === 'segment_heard')
  .map(({ fact, at_ms }) => ({ speaker: fact.speaker, text: fact.display || fact.text, at_ms }));

function hintText({ kind, title, text, choice }, t) {
  const told = t(`hint.${kind}`, { title, text: text || title });
  return choice && kind !== 'say' ? `${told} → ${choice}` : told;
}

customElements.define('practice-page', PracticePage);
