// The conversation as it grows: guesses grey, stable and final text in ink, following the newest
// line until the reader scrolls away. Only the last lines are in the page; earlier ones on demand.
// Final lines stand in their written form or word for word, as the reader likes. Corrected words are
// marked in stable and final text, and in final text what was heard can be had back.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base, icon, clock } from '../design/base.js';
import { asHeard, correctedWord, correctionStyles, hasWritten, partsOf, sameCorrection, sameIn } from './corrections.js';

const SHOWN_AT_FIRST = 80;
const AT_END_PX = 24;

export class TranscriptView extends LitElement {
  static properties = {
    lines: { attribute: false },
    ended: { type: Boolean },
    marked: {},
    tall: { type: Boolean, reflect: true },
    busy: { attribute: false },
    readonly: { type: Boolean },
    t: { attribute: false },
    following: { state: true },
    shown: { state: true },
    verbatim: { state: true },
    opened: { state: true }, // {utterance, correction, tier} that is being explained
    news: { state: true }, // read out when it was taken back, or went with the text it stood in
  };

  static styles = [base, correctionStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; position: relative; }
    .head { display: flex; align-items: center; gap: var(--s-2); min-height: 34px; padding: var(--s-1) var(--s-2) 0 var(--s-4); }
    h2 { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-3); flex: 1; }
    .forms { display: inline-flex; gap: 2px; padding: 2px; border: 0; margin: 0; border-radius: var(--r-1); background: var(--track); }
    .forms label { display: grid; place-items: center; min-height: 24px; padding: 0 var(--s-2); border-radius: 5px; font-size: var(--t-xs); color: var(--ink-2); cursor: pointer; }
    .forms input { position: absolute; opacity: 0; width: 1px; height: 1px; min-height: 1px; }
    .forms label:has(:checked) { background: var(--raised); color: var(--ink); font-weight: var(--w-medium); box-shadow: var(--shadow); }
    .forms label:has(:focus-visible) { outline: 2px solid var(--focus); }
    .scroll { flex: 1; min-height: 0; overflow-y: auto; padding: 0 var(--s-4) var(--s-3); overscroll-behavior: contain;
      mask-image: linear-gradient(transparent, black 14px);
      scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
    .scroll.reading { padding-bottom: 48px; } /* room for the button that leads back to the newest line */
    .scroll:focus-visible { outline-offset: -3px; }
    li { display: grid; grid-template-columns: 34px 1fr; gap: var(--s-2); padding: 2px var(--s-2); margin: 0 calc(-1 * var(--s-2));
      border-radius: var(--r-1); font-size: var(--t-sm); line-height: 1.55; transition: background var(--calm); }
    li.turn { margin-top: 5px; }
    li.marked { background: var(--accent-soft); }
    .who { font-size: var(--t-xs); line-height: 20px; color: var(--ink-3); user-select: none; }
    .customer .who { color: var(--customer); }
    .customer .text { color: var(--ink); }
    .text { color: var(--ink-2); overflow-wrap: anywhere; }
    .text .guess { color: var(--ink-3); }
    .caret::after { content: ''; display: inline-block; width: 5px; height: 5px; margin-inline-start: 5px; border-radius: 50%;
      background: var(--ink-3); vertical-align: 2px; animation: breathe 1.4s infinite; }
    @container (min-width: 800px) { .head button { display: none; } .head { padding-inline-end: var(--s-4); } }
    @keyframes breathe { 50% { opacity: 0.2; } }
    .empty, .over { color: var(--ink-3); font-size: var(--t-sm); text-align: center; padding: var(--s-3) 0 var(--s-1); }
    .earlier { display: flex; margin: 0 auto var(--s-2); font-size: var(--t-xs); color: var(--ink-3); min-height: 26px; }
    .live { position: absolute; bottom: var(--s-3); left: 50%; transform: translateX(-50%); min-height: 30px; border-radius: var(--r-full);
      background: var(--ink); color: var(--surface); box-shadow: var(--shadow-high); font-size: var(--t-xs); }
  `];

  constructor() {
    super();
    this.lines = [];
    this.marked = '';
    this.following = true;
    this.shown = SHOWN_AT_FIRST;
    this.busy = new Set();
    this.readonly = false;
    this.verbatim = false;
    this.opened = null;
    this.news = '';
  }

  get #box() {
    return this.renderRoot.querySelector('.scroll');
  }

  willUpdate(changed) {
    if (!changed.has('lines')) return;
    this.focused = this.renderRoot?.activeElement?.closest('.was, .meant')?.dataset;
    this.focused &&= { ...this.focused }; // the element may soon stand for another word
    if (!this.opened) return;
    const { utterance, correction, tier } = this.opened;
    const line = this.lines.find((other) => other.utterance === utterance);
    const now = sameIn(line?.corrections ?? [], correction, tier);
    if (now) {
      this.opened = { utterance, correction: now, tier: line.tier };
      this.following = false; // what is being read does not move away under the pointer
    } else {
      this.news = line ? this.t(tier === 'final' ? 'correction.restored' : 'correction.replaced', correction) : '';
      this.#close();
    }
  }

  updated(changed) {
    if (this.focused) this.#keepFocus(this.focused);
    this.focused = null;
    if (this.fresh && this.opened) {
      if (this.following) this.#toEnd();
      this.renderRoot.querySelector('.was').scrollIntoView({ block: 'nearest' });
    }
    this.fresh = false;
    if (['lines', 'tall', 'verbatim', 'opened'].some((name) => changed.has(name)) && this.following && !this.opened) this.#toEnd();
    if (changed.has('shown') && changed.get('shown')) this.#box.scrollTop += this.#box.scrollHeight - this.before;
  }

  connectedCallback() {
    super.connectedCallback();
    // The box changes height with the window; whoever was at the end stays there.
    this.watch = new ResizeObserver(() => this.following && this.#toEnd());
    this.updateComplete.then(() => this.watch.observe(this.#box));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watch.disconnect();
  }

  #toEnd() {
    this.#box.scrollTop = this.#box.scrollHeight;
  }

  /** Growing text is drawn anew at any moment: the focus stays with its word, or goes to the conversation. */
  #keepFocus({ word, at }) {
    if (this.renderRoot.activeElement) return;
    const like = [...this.renderRoot.querySelectorAll('.meant')].filter(({ dataset }) => dataset.word === word);
    (like.find(({ dataset }) => dataset.at === at) ?? like[0] ?? this.#box).focus({ preventScroll: true });
  }

  #open({ utterance, tier }, correction) {
    this.wasFollowing = this.opened ? this.wasFollowing : this.following;
    this.news = '';
    this.opened = { utterance, correction, tier };
    this.fresh = true;
  }

  #close() {
    this.opened = null;
    this.following = this.wasFollowing;
  }

  #onEscape(event) {
    if (event.key !== 'Escape' || !this.opened) return;
    event.stopPropagation();
    this.renderRoot.querySelector('.meant[aria-expanded=true]').focus();
    this.#close();
  }

  jumpToLive() {
    this.opened = null;
    this.following = true;
    this.#toEnd();
  }

  /** Shows one utterance and marks it for a moment. */
  async jumpTo(utterance) {
    const at = this.lines.findIndex((line) => line.utterance === utterance);
    if (at < 0) return;
    this.following = false;
    this.shown = Math.max(this.shown, this.lines.length - at);
    await this.updateComplete;
    this.renderRoot.querySelector(`[data-id="${CSS.escape(utterance)}"]`)?.scrollIntoView({ block: 'center' });
  }

  #scrolled() {
    const box = this.#box;
    this.following = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END_PX;
  }

  #earlier() {
    this.before = this.#box.scrollHeight;
    this.shown += SHOWN_AT_FIRST;
  }

  render() {
    const { t, lines } = this;
    const first = Math.max(0, lines.length - this.shown);
    return html`
      <div class="head">
        <h2>${t('transcript')}</h2>
        ${hasWritten(lines) ? this.#forms() : nothing}
        <button class="icon-button" aria-pressed=${this.tall}
          aria-label=${t(this.tall ? 'transcript.shorter' : 'transcript.taller')}
          title=${t(this.tall ? 'transcript.shorter' : 'transcript.taller')}
          @click=${() => this.dispatchEvent(new CustomEvent('assist-tall', { bubbles: true, composed: true }))}>
          ${icon(this.tall ? 'chevron-down' : 'chevron-up')}</button>
      </div>
      <div class="scroll ${this.opened ? 'reading' : ''}" tabindex="0" role="log" aria-live="off" aria-label=${t('transcript')} @scroll=${this.#scrolled}>
        ${first ? html`<button class="ghost earlier" @click=${this.#earlier}>${t('transcript.earlier', { n: first })}</button>` : nothing}
        ${lines.length ? nothing : html`<p class="empty">${t('transcript.empty')}</p>`}
        <ol @keydown=${this.#onEscape}>${repeat(lines.slice(first), (line) => line.utterance, (line, i) => this.#line(line, lines[first + i - 1]))}</ol>
        ${this.ended ? html`<p class="over">${t('transcript.end')}</p>` : nothing}
      </div>
      <p class="sr" role="status">${this.news}</p>
      ${this.following ? nothing : html`<button class="live" @click=${this.jumpToLive}>${icon('arrow-down', 13)}${t('transcript.live')}</button>`}`;
  }

  #forms() {
    const one = (name, how, verbatim) => html`<label title=${this.t(how)}><input type="radio" name="form" .checked=${this.verbatim === verbatim}
      @change=${() => (this.verbatim = verbatim)}>${this.t(name)}</label>`;
    return html`<fieldset class="forms" aria-label=${this.t('transcript.form')}>
      ${one('transcript.written', 'transcript.written.how', false)}${one('transcript.verbatim', 'transcript.verbatim.how', true)}</fieldset>`;
  }

  #line(line, before) {
    const turn = before?.speaker !== line.speaker;
    return html`<li class="${line.speaker} ${turn ? 'turn' : ''} ${line.utterance === this.marked ? 'marked' : ''}"
      data-id=${line.utterance} data-tier=${line.tier} title=${clock(line.start_ms)}>
      <span class="who">${turn ? this.t(`speaker.${line.speaker}`) : nothing}</span>
      ${this.#text(line)}
    </li>`;
  }

  /** Final text, or text that may still change: what is agreed on in ink, the rest grey. */
  #text(line) {
    const { t, busy, readonly } = this;
    const { utterance } = line;
    const growing = line.tier !== 'final';
    const { parts, lost } = partsOf(line, this.verbatim);
    const maybe = growing ? guessOf(line) : '';
    const word = ({ text, correction }) => {
      if (!correction) return text;
      const open = this.#isOpen(utterance, correction);
      const toggle = () => (open ? this.#close() : this.#open(line, correction));
      return correctedWord({ text, correction, utterance, open, toggle }, t);
    };
    const open = line.corrections.find((correction) => this.#isOpen(utterance, correction));
    return html`<span class="text ${growing ? 'caret' : ''}">${parts.map(word)}${lost.map((correction) => word({ text: '', correction }))}${
      maybe ? html`<span class="guess">${maybe}</span>` : nothing}</span>
      ${open ? asHeard({ correction: open, line, busy, readonly }, t) : nothing}`;
  }

  #isOpen(utterance, correction) {
    return this.opened?.utterance === utterance && sameCorrection(this.opened.correction, correction);
  }
}

/** What is still a guess, after the agreed beginning. */
const guessOf = ({ text, guess }) => (guess.startsWith(text) ? guess.slice(text.length) : '');

customElements.define('transcript-view', TranscriptView);
