// <replay-page>: a stored call in the real panel, with its sound and events; beside it, on demand,
// another way from any moment on.

import { html, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { belongsToTarget } from '../panel/keys.js';
import { troubleStyles } from '../panel/trouble-note.js';
import '../panel/assist-panel.js';
import { linkTo } from '../server.js';
import { getJson, postJson } from '../shell/api.js';
import { translatorOf } from '../texts.js';
import { RoomPage, roomStyles } from './parts.js';
import { ReplayClock, countBy } from './replay-clock.js';
import { MARK_ICONS, countAt, markAt, marksOf, talkOf } from './replay-marks.js';
import { replayStyles } from './replay-styles.js';
import { ReplaySource } from './room-source.js';
import { TRAINING_TEXTS } from './training-texts.js';
import './case-form.js';
import './waveform-strip.js';
import './what-if.js';

const SPEEDS = [0.5, 0.75, 1, 1.5, 2, 4];
const SHORT_MS = 5000;
const LONG_MS = 10000;

export class ReplayPage extends RoomPage {
  static properties = {
    language: {}, trouble: { state: true }, call: { state: true }, wave: { state: true }, count: { state: true }, at_ms: { state: true },
    playing: { state: true }, speed: { state: true }, whatIf: { state: true }, busy: { state: true },
  };

  static styles = [base, troubleStyles, roomStyles, replayStyles];

  constructor() {
    super(translatorOf(TRAINING_TEXTS));
    this.id = decodeURIComponent(location.pathname.split('/').pop());
    this.call = null;
    this.count = 0;
    this.at_ms = 0;
    this.speed = 1;
    this.playing = false;
    this.whatIf = null;
    this.onKey = (event) => this.#key(event);
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.onKey);
    this.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onKey);
    this.clock?.pause();
  }

  get #path() {
    return `/api/training/calls/${encodeURIComponent(this.id)}`;
  }

  async load() {
    const call = await this.attempt(() => getJson(this.#path));
    if (!call) return;
    this.marks = marksOf(call.events);
    this.talk = talkOf(call.events);
    this.source = new ReplaySource(call.events);
    this.call = call;
    const end_ms = Math.max(1, ...call.events.map((event) => event.at_ms));
    const sound = call.demo ? Object.assign(new Audio(linkTo(`${this.#path}/sound`)), { preload: 'auto', preservesPitch: true }) : null;
    this.clock = new ReplayClock({
      duration_ms: end_ms,
      sound,
      onTime: (at_ms) => this.#show(countBy(call.events, at_ms), at_ms),
      onPlaying: (playing) => (this.playing = playing),
    });
    await this.updateComplete;
    this.#show(countBy(call.events, 0), 0);
    if (call.demo) this.wave = await this.attempt(() => getJson(`${this.#path}/waveform`));
  }

  #show(count, at_ms) {
    this.at_ms = at_ms;
    if (count === this.count) return;
    this.count = count;
    this.source.show(count);
    this.updateComplete.then(() => this.renderRoot.querySelector('.marks [aria-current]')?.scrollIntoView({ block: 'nearest' }));
  }

  /** To the mark, and not as far as the next one, whatever else happened at the same time. */
  #to(mark) {
    if (!mark) return;
    this.clock.pause();
    this.clock.seek(mark.at_ms);
    this.#show(countAt(this.call.events, this.marks, mark), mark.at_ms);
  }

  #step(way) {
    const now = markAt(this.marks, this.count);
    const past = now >= 0 && this.count > countAt(this.call.events, this.marks, this.marks[now]);
    this.#to(this.marks[way > 0 ? now + 1 : past ? now : now - 1]);
  }

  #key(event) {
    const path = event.composedPath();
    const scrubbing = path[0].type === 'range' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!this.call || (belongsToTarget(event) && !scrubbing) || path.some((part) => part.localName === 'what-if')) return;
    const seek = (by) => () => this.clock.seek(this.at_ms + by);
    const doing = {
      ' ': () => this.clock.toggle(), k: () => this.clock.toggle(), j: seek(-LONG_MS), l: seek(LONG_MS),
      arrowleft: seek(-SHORT_MS), arrowright: seek(SHORT_MS), ',': () => this.#step(-1), '.': () => this.#step(1),
    }[event.key.toLowerCase()];
    if (!doing) return;
    event.preventDefault();
    doing();
  }

  /** From this event on; a step of the list is gone back to before it was done. */
  async #tryAnotherWay(index) {
    const { seq, at_ms } = this.call.events[Math.max(0, index)];
    if (this.whatIf) await this.#closeWhatIf();
    this.clock.pause();
    this.clock.seek(at_ms);
    this.#show(index + 1, at_ms);
    this.busy = true;
    const whatIf = await this.attempt(() => postJson(`${this.#path}/what-if`, { seq }));
    this.busy = false;
    if (whatIf) this.whatIf = { ...whatIf, from_ms: at_ms };
  }

  async #closeWhatIf() {
    const { practice } = this.whatIf;
    this.whatIf = null;
    await postJson(`/api/training/practices/${encodeURIComponent(practice)}/close`).catch(() => {}); // it ends by itself
  }

  async #mark({ detail }) {
    const marked = await this.attempt(() => postJson(`${this.#path}/case`, detail));
    this.renderRoot.querySelector('case-form').close();
    if (marked) this.call = { ...this.call, ...marked };
  }

  async #withdraw() {
    const done = await this.attempt(() => postJson(`${this.#path}/case/withdraw`));
    if (done) this.call = { ...this.call, ...done };
  }

  async #practise() {
    const begun = await this.attempt(() => postJson('/api/training/practices', { call: this.id, hints: 'shown' }));
    if (begun) location.assign(linkTo(`/training/practice/${encodeURIComponent(begun.practice)}`));
  }

  get #title() {
    const { call, demo, case: marked, guides } = this.call;
    return marked?.title || guides[call.guide] || demo?.title || this.t('filter.guide.none');
  }

  render() {
    const { t, call } = this;
    if (!call) return html`<main>${this.trouble ? this.troubled(() => this.load()) : html`<p class="none" aria-busy="true">${t('loading')}</p>`}</main>`;
    return html`<main class=${this.whatIf ? 'beside' : ''}>
      ${this.#head()}${this.troubled()}${this.#transport()}
      <div class="stage">
        <section class="list card" aria-labelledby="marks"><h2 id="marks">${t('replay.marks')}</h2>${this.#list()}</section>
        <section class="panel card" aria-label=${t('replay.panel')}><assist-panel inner readonly .keys=${false} .shortcuts=${'inside'} .source=${this.source} .language=${this.language}></assist-panel></section>
        ${this.whatIf ? html`<what-if class="card" .t=${t} .language=${this.language} .begun=${this.whatIf} @end=${this.#closeWhatIf}></what-if>` : nothing}
      </div>
      <case-form .t=${t} @case=${this.#mark}></case-form></main>`;
  }

  #head() {
    const { t } = this;
    const { case: marked, demo } = this.call;
    return html`<div class="head"><a class="button" href=${linkTo('/training#library')} aria-label=${t('replay.back')} title=${t('replay.back')}>${icon('chevron-left', 15)}</a>
      <h1>${this.#title} ${marked ? html`<span class="tag ok">${t('mark.case')}</span>` : nothing}</h1>
      <div class="row">${marked ? html`<button class="ghost" @click=${this.#withdraw}>${t('case.withdraw')}</button>` : nothing}
        <button class="plain" @click=${() => this.renderRoot.querySelector('case-form').open(marked ?? { title: this.#title })}>${icon('bookmark', 14)}${t(marked ? 'case.edit' : 'case.mark')}</button>
        <button class="plain" @click=${this.#practise}>${icon('headset', 14)}${t('replay.practise')}</button></div>
      <p class="goal">${[marked?.goal, demo ? demo.title : t('replay.silent')].filter(Boolean).join(' · ')}</p></div>`;
  }

  #transport() {
    const { t, clock: time } = this;
    return html`<section class="transport card">
      <waveform-strip .duration_ms=${time.duration_ms} .sound_ms=${this.wave?.duration_ms} .at_ms=${this.at_ms} .peaks=${this.wave?.peaks} .talk=${this.talk} .marks=${this.marks}
        .label=${t('replay.position')} @scrub=${({ detail }) => time.seek(detail)}></waveform-strip>
      <div class="row keys-row">
        <button class="icon-button" aria-label=${t('replay.before')} title=${t('replay.before')} @click=${() => this.#step(-1)}>${icon('skip-back')}</button>
        <button class="primary round" aria-label=${t(this.playing ? 'replay.pause' : 'replay.play')} @click=${() => time.toggle()}>${icon(this.playing ? 'pause' : 'play')}</button>
        <button class="icon-button" aria-label=${t('replay.after')} title=${t('replay.after')} @click=${() => this.#step(1)}>${icon('skip-forward')}</button>
        <span class="num">${clock(this.at_ms)} / ${clock(time.duration_ms)}</span>
        <select aria-label=${t('replay.speed')} @change=${({ target }) => { this.speed = Number(target.value); time.setSpeed(this.speed); }}>${SPEEDS.map(
          (speed) => html`<option value=${speed} ?selected=${speed === this.speed}>${speed}×</option>`)}</select>
        <small class="shortcuts">${t('replay.keys')}</small>
        <button class="plain" ?disabled=${this.busy || this.whatIf} @click=${() => this.#tryAnotherWay(this.count - 1)}>${icon('split', 14)}${t('whatif.start')}</button>
      </div></section>`;
  }

  #list() {
    const { t, marks } = this;
    if (!marks.length) return html`<p class="none">${t('replay.marks.none')}</p>`;
    const now = markAt(marks, this.count);
    const text = (mark) => (mark.kind === 'offer' ? t.or(`mark.offer.${mark.text}`, mark.text) : mark.text);
    return html`<ol class="marks">${marks.map((mark, i) => html`<li><button class=${`go ${mark.kind}`} aria-current=${i === now ? 'true' : nothing} @click=${() => this.#to(mark)}>
      <span class="num at">${clock(mark.at_ms)}</span>${icon(MARK_ICONS[mark.kind], 14)}<span class="what">${t(`mark.${mark.kind}`)}</span><span class="clip">${text(mark)}</span></button>${mark.from === undefined ? nothing
      : html`<button class="icon-button" ?disabled=${this.busy} aria-label=${t('whatif.step', { step: mark.title })} title=${t('whatif.step', { step: mark.title })} @click=${() => this.#tryAnotherWay(mark.from)}>${icon('split', 14)}</button>`}</li>`)}</ol>`;
  }
}

customElements.define('replay-page', ReplayPage);
