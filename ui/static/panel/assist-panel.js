// <assist-panel>: the side panel over a source of events; live call, replay and preview differ in
// nothing else. It decides nothing about the call.

import { LitElement, html, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { translator } from '../i18n.js';
import { act, effectOf } from './act.js';
import { continuation, continuationStyles } from './continuation.js';
import { withEdit } from './drafts.js';
import { conflicts, conflictStyles } from './conflicts.js';
import { EMPTY, fold, frontPage, placeOf } from './fold.js';
import { belongsToTarget, meaningOf } from './keys.js';
import { banners, closedGuides, emptyState, handoff, outcomeOf, topBar } from './panel-parts.js';
import { panelStyles } from './panel-styles.js';
import { reminders, reminderStyles } from './reminders.js';
import { bringIntoView } from './scroll.js';
import { dismiss, troubleNote, troubleStyles } from './trouble-note.js';
import './customer-card.js';
import './guide-card.js';
import './guide-search.js';
import './shortcut-help.js';
import './suggestion-chips.js';
import './summary-card.js';
import './transcript-view.js';
import './wrap-up.js';

const PAINT_AT_MOST_MS = 60; // in a hidden tab no frame is drawn; events must not pile up

export class AssistPanel extends LitElement {
  static properties = {
    source: { attribute: false },
    readonly: { type: Boolean },
    home: {}, // address of the list of calls, or nothing
    language: {}, // zh | en; unset: the language of the call
    state: { attribute: false },
    connection: { state: true },
    outlines: { state: true },
    edits: { state: true },
    busy: { state: true },
    refusal: { state: true },
    dismissed: { state: true },
    keys: { state: true },
    marked: { state: true },
    tall: { state: true },
    handing: { state: true },
    said: { state: true },
  };

  static styles = [base, troubleStyles, panelStyles, reminderStyles, conflictStyles, continuationStyles];

  constructor() {
    super();
    this.readonly = false;
    this.keys = localStorage.getItem('assist.keys') !== 'off';
    this.language = localStorage.getItem('assist.lang') ?? '';
    this.startHandoff = () => this.#handing(true);
    this.stopHandoff = () => this.#handing(false);
    this.toggleLang = () => {
      this.language = this.t.lang === 'zh' ? 'en' : 'zh';
      localStorage.setItem('assist.lang', this.language);
    };
    this.sendHandoff = (event) => {
      event.preventDefault();
      act(this, 'hand_off', { reason: new FormData(event.target).get('reason').trim() });
      this.stopHandoff();
    };
    this.onKeydown = (event) => this.#key(event);
    this.#reset();
    for (const [name, hear] of Object.entries(this.#listeners())) this.addEventListener(`assist-${name}`, hear);
  }

  #listeners() {
    return {
      command: ({ detail }) => this.command(detail),
      edit: ({ detail: { place, field, value, drafted } }) => (this.edits = withEdit(this.edits, place, field, value, drafted)),
      mark: ({ detail }) => (this.marked = detail.utterance),
      jump: ({ detail }) => {
        this.marked = detail.utterance;
        this.#part('transcript-view').jumpTo(detail.utterance);
      },
      tall: () => (this.tall = !this.tall),
      search: () => this.#part('guide-search').open(),
      help: () => this.#part('shortcut-help').open(),
      keys: ({ detail }) => {
        this.keys = detail.on;
        localStorage.setItem('assist.keys', detail.on ? 'on' : 'off');
      },
    };
  }

  #reset() {
    this.folded = EMPTY;
    this.state = EMPTY;
    this.connection = 'connecting';
    this.outlines = {};
    this.edits = new Map();
    this.busy = new Set();
    this.refusal = null;
    this.dismissed = new Set();
    this.marked = '';
    this.tall = false;
    this.handing = false;
    this.said = '';
  }

  get t() {
    const lang = this.language || this.state.lang;
    if (this.translator?.lang !== lang) this.translator = translator(lang);
    return this.translator;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.onKeydown);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.onKeydown);
    this.source?.stop();
  }

  willUpdate(changed) {
    if (changed.has('source')) {
      changed.get('source')?.stop();
      this.#reset();
      this.source.start({
        onEvent: (event) => this.#receive(event),
        onConnection: (connection) => (this.connection = connection),
      });
    }
    if (changed.has('state')) this.#announce(changed.get('state') ?? EMPTY);
  }

  updated(changed) {
    this.setAttribute('lang', this.t.tag);
    if (changed.has('state')) {
      this.#fetchOutlines();
      const was = frontPage(changed.get('state') ?? EMPTY)?.current;
      const now = frontPage(this.state)?.current;
      if (now && now !== was) this.#showCurrent();
    }
  }

  /** Folds at once, paints once a frame: a reconnect with a thousand events paints once. */
  #receive(event) {
    this.folded = fold(this.folded, event);
    if (this.painting) return;
    const paint = () => {
      cancelAnimationFrame(this.painting.frame);
      clearTimeout(this.painting.timer);
      this.painting = null;
      this.state = this.folded;
    };
    this.painting = { frame: requestAnimationFrame(paint), timer: setTimeout(paint, PAINT_AT_MOST_MS) };
  }

  #announce(before) {
    const was = frontPage(before);
    const now = frontPage(this.state);
    if (!now) return;
    const text = now.current?.text || now.current?.title || '';
    if (now.guide !== was?.guide) this.said = `${this.t('guide.new', { title: now.title })}. ${text}`;
    else if (now.current && now.current !== was.current) this.said = this.t('guide.next', { text });
  }

  #fetchOutlines() {
    for (const { guide } of this.state.pages) {
      if (guide in this.outlines) continue;
      this.outlines = { ...this.outlines, [guide]: null };
      this.source.outline(guide).then(
        (outline) => (this.outlines = { ...this.outlines, [guide]: outline }),
        () => {}, // without it only the faint "coming up" lines are missing
      );
    }
  }

  async #showCurrent() {
    const card = this.#part('guide-card');
    await card?.updateComplete;
    const current = card?.renderRoot.querySelector('.current');
    await current?.querySelector('step-card')?.updateComplete;
    await new Promise(requestAnimationFrame); // what is inside the step has its height by then
    if (current) bringIntoView(this.#part('main'), current);
    this.#inStep('ticket-form')?.showFailure();
  }

  #part(name) {
    return this.renderRoot.querySelector(name);
  }

  get #step() {
    return this.#part('guide-card')?.renderRoot.querySelector('step-card');
  }

  #inStep(name) {
    return this.#step?.renderRoot.querySelector(name);
  }

  /** Sends a command to the source; its button waits, a refusal is shown until the next one. */
  async command(command) {
    if (this.readonly) return;
    const effect = effectOf(command);
    if (this.busy.has(effect)) return;
    this.refusal = null;
    this.busy = new Set(this.busy).add(effect);
    const answer = await this.source.send(command);
    const busy = new Set(this.busy);
    if (answer.refused?.code !== 'correction.gone') busy.delete(effect); // what is gone is not asked for again
    this.busy = busy;
    if (answer.refused) this.refusal = answer.refused;
  }

  dismiss(seqs) {
    this.dismissed = new Set([...this.dismissed, ...seqs]);
  }

  #handing(on) {
    this.handing = on;
    if (on) this.updateComplete.then(() => this.renderRoot.querySelector('#why').focus());
  }

  #key(event) {
    if (!this.keys || event.repeat || belongsToTarget(event)) {
      if (event.key === 'Escape') event.composedPath()[0].blur?.();
      return;
    }
    const { key, code, shiftKey } = event;
    const meaning = meaningOf({ key: key.toLowerCase(), code, shift: shiftKey }, this.state);
    if (!meaning) return;
    event.preventDefault();
    if (meaning.command) this.command(meaning.command);
    else this.#onPage(meaning.page);
  }

  #onPage(name) {
    const doing = {
      copy: () => this.#step?.copy(), ticket: () => this.#inStep('ticket-form')?.focusFirst(), append: () => this.#inStep('ticket-form')?.toggleAppend(),
      decline: () => this.#inStep('offer-card')?.decline(), live: () => this.#part('transcript-view').jumpToLive(),
      search: () => this.#part('guide-search').open(), help: () => this.#part('shortcut-help').open(),
    };
    doing[name]();
  }

  render() {
    const { t, state } = this;
    const page = frontPage(state);
    const over = ['ended', 'broken_off'].includes(state.status);
    const filed = Object.values(state.tickets).filter((ticket) => ['filed', 'waiting'].includes(ticket.status));
    return html`<div class="frame">
        ${topBar(this)}
        ${state.status === 'waiting' ? nothing : html`<customer-card .customer=${state.customer} .asked=${state.customer_asked} .unknown=${state.customer_unknown}
          .calls=${state.last_calls} .number=${state.started?.number ?? ''} .t=${t}></customer-card>`}
        <div class="work">${banners(this)}<main class="main">
          <suggestion-chips .matches=${state.suggested} .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${t} ?hidden=${!state.suggested.length}></suggestion-chips>
          ${conflicts(this)}${reminders(this)}
          ${page ? continuation(this, page) : nothing}
          ${page ? this.#guide(page) : emptyState(this)}
          ${over || state.wrapped ? html`<wrap-up .wrapped=${state.wrapped} .tickets=${filed} .guess=${outcomeOf(state, filed)} .broken=${state.status === 'broken_off'}
            .busy=${this.busy} .readonly=${this.readonly} .t=${t}></wrap-up>` : nothing}
          ${Object.values(state.summaries).map((summary) => html`<summary-card .summary=${summary} .busy=${this.busy} .readonly=${this.readonly} .t=${t}></summary-card>`)}
          ${closedGuides(this)}
          ${handoff(this)}
        </main></div>
        <aside class="talk ${this.tall ? 'tall' : ''}" aria-label=${t('transcript')}><transcript-view .lines=${state.lines} .ended=${over} .marked=${this.marked} .tall=${this.tall} .busy=${this.busy} .readonly=${this.readonly} .t=${t}></transcript-view></aside>
      </div>
      ${this.refusal ? html`<div class="toast">${troubleNote(this.refusal, t, dismiss(t, () => (this.refusal = null)))}</div>` : nothing}
      <div class="sr" aria-live="polite">${this.said}</div>
      <guide-search .source=${this.source} .language=${state.started ? state.lang : t.lang} .t=${t}></guide-search>
      <shortcut-help .keys=${this.keys} .t=${t}></shortcut-help>`;
  }

  #guide(page) {
    const place = page.current ? placeOf(page.current) : '';
    return html`<guide-card .page=${page} .below=${this.state.pages.at(-2) ?? null} .outline=${this.outlines[page.guide]}
      .effects=${this.#effects(place)} .edits=${this.edits} .busy=${this.busy}
      .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></guide-card>`;
  }

  /** The call's effects, the same object until one of them changes: speech must not redraw the card. */
  #effects(place) {
    const { diagnoses, offers, drafts, tickets, slots, troubles } = this.state;
    const made = [place, diagnoses, offers, drafts, tickets, slots, troubles];
    if (this.made?.every((part, i) => part === made[i])) return this.effects;
    // A failed diagnosis or ticket shows its trouble itself; other troubles of the step stand below it.
    const own = [diagnoses[place], tickets[place]].find((effect) => effect?.status === 'failed')?.trouble.key;
    const rest = troubles.filter((trouble) => placeOf(trouble) === place && (!own || trouble.key !== own));
    this.made = made;
    this.effects = { diagnoses, offers, drafts, tickets, slots, troubles: rest };
    return this.effects;
  }
}

customElements.define('assist-panel', AssistPanel);
