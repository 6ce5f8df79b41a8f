// The conversation as it grows: guesses grey, stable and final text in ink, following the newest
// line until the reader scrolls away. Only the last lines are in the page; earlier ones on demand.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base, icon, clock } from '../design/base.js';

const SHOWN_AT_FIRST = 80;
const AT_END_PX = 24;

export class TranscriptView extends LitElement {
  static properties = {
    lines: { attribute: false },
    ended: { type: Boolean },
    marked: {},
    tall: { type: Boolean, reflect: true },
    t: { attribute: false },
    following: { state: true },
    shown: { state: true },
  };

  static styles = [base, css`
    :host { display: flex; flex-direction: column; min-height: 0; position: relative; }
    .head { display: flex; align-items: center; justify-content: space-between; padding: var(--s-1) var(--s-2) 0 var(--s-4); }
    h2 { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-3); }
    .scroll { flex: 1; min-height: 0; overflow-y: auto; padding: 0 var(--s-4) var(--s-3); overscroll-behavior: contain;
      mask-image: linear-gradient(transparent, black 14px);
      scrollbar-width: thin; scrollbar-color: var(--line) transparent; }
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
    @container (min-width: 800px) { .head button { display: none; } .head { min-height: 30px; } }
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
  }

  get #box() {
    return this.renderRoot.querySelector('.scroll');
  }

  updated(changed) {
    if ((changed.has('lines') || changed.has('tall')) && this.following) this.#toEnd();
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

  jumpToLive() {
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
        <button class="icon-button" aria-pressed=${this.tall}
          aria-label=${t(this.tall ? 'transcript.shorter' : 'transcript.taller')}
          title=${t(this.tall ? 'transcript.shorter' : 'transcript.taller')}
          @click=${() => this.dispatchEvent(new CustomEvent('assist-tall', { bubbles: true, composed: true }))}>
          ${icon(this.tall ? 'chevron-down' : 'chevron-up')}</button>
      </div>
      <div class="scroll" tabindex="0" role="log" aria-live="off" aria-label=${t('transcript')} @scroll=${this.#scrolled}>
        ${first ? html`<button class="ghost earlier" @click=${this.#earlier}>${t('transcript.earlier', { n: first })}</button>` : nothing}
        ${lines.length ? nothing : html`<p class="empty">${t('transcript.empty')}</p>`}
        <ol>${repeat(lines.slice(first), (line) => line.utterance, (line, i) => this.#line(line, lines[first + i - 1]))}</ol>
        ${this.ended ? html`<p class="over">${t('transcript.end')}</p>` : nothing}
      </div>
      ${this.following ? nothing : html`<button class="live" @click=${this.jumpToLive}>${icon('arrow-down', 13)}${t('transcript.live')}</button>`}`;
  }

  #line(line, before) {
    const turn = before?.speaker !== line.speaker;
    const { sure, maybe } = tiers(line);
    return html`<li class="${line.speaker} ${turn ? 'turn' : ''} ${line.utterance === this.marked ? 'marked' : ''}"
      data-id=${line.utterance} data-tier=${line.tier} title=${clock(line.start_ms)}>
      <span class="who">${turn ? this.t(`speaker.${line.speaker}`) : nothing}</span>
      <span class="text ${line.tier === 'final' ? '' : 'caret'}">${sure}${maybe ? html`<span class="guess">${maybe}</span>` : nothing}</span>
    </li>`;
  }
}

/** The agreed beginning, and what is still a guess after it. */
export function tiers({ tier, text, guess }) {
  if (tier === 'final' || !guess) return { sure: text, maybe: '' };
  return guess.startsWith(text) ? { sure: text, maybe: guess.slice(text.length) } : { sure: text, maybe: text ? '' : guess };
}

customElements.define('transcript-view', TranscriptView);
