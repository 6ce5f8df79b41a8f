// The side panel over a source of events; live call, replay and preview differ in nothing else. It
// decides nothing about the call. `call` names a live one, `source` is anything else.

import { LitElement, html, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { translator } from '../i18n.js';
import { keep, recall } from '../kept.js';
import { act, effectOf } from './act.js';
import { advice, adviceStyles } from './advice.js';
import { announcement } from './announce.js';
import { continuation, continuationStyles } from './continuation.js';
import { withEdit } from './drafts.js';
import { conflicts, conflictStyles } from './conflicts.js';
import { EMPTY, fold, frontPage, placeOf } from './fold.js';
import { KeyOwners, belongsToTarget, meaningOf } from './keys.js';
import { banners, closedGuides, emptyState, handoff, outcomeOf, topBar } from './panel-parts.js';
import { Painting } from './painting.js';
import { panelStyles } from './panel-styles.js';
import { reminders, reminderStyles } from './reminders.js';
import { bringIntoView } from './scroll.js';
import { liveSource } from './source.js';
import { effectsOnce } from './effects.js';
import { dismiss, troubleNote, troubleStyles } from './trouble-note.js';
import './customer-card.js';
import './guide-card.js';
import './guide-search.js';
import './shortcut-help.js';
import './suggestion-chips.js';
import './summary-card.js';
import './transcript-view.js';
import './wrap-up.js';

const owners = new KeyOwners(); // of the window's one keyboard

export class AgentPanel extends LitElement {
  static properties = {
    call: {}, // a live call of the server
    server: {}, // its address; unset: this page's
    source: { attribute: false },
    readonly: { type: Boolean },
    inner: { type: Boolean }, // in a page that has a main part of its own
    host: { type: Boolean }, // a page around the panel has forms that can be filled
    shortcuts: {}, // page: keys count anywhere in the page; inside: while the focus is in the panel
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

  static styles = [base, troubleStyles, panelStyles, reminderStyles, conflictStyles, continuationStyles, adviceStyles];

  constructor() {
    super();
    this.readonly = false;
    this.host = false;
    this.shortcuts = 'page';
    this.keys = recall('keys') !== 'off';
    this.language = recall('lang') ?? '';
    this.startHandoff = () => this.#handing(true);
    this.stopHandoff = () => this.#handing(false);
    this.toggleLang = () => {
      this.language = this.t.lang === 'zh' ? 'en' : 'zh';
      keep('lang', this.language);
    };
    this.sendHandoff = (event) => {
      event.preventDefault();
      act(this, 'hand_off', { reason: new FormData(event.target).get('reason').trim() });
      this.stopHandoff();
    };
    this.onKeydown = (event) => this.#key(event);
    this.effects = effectsOnce();
    this.painting = new Painting(() => (this.state = this.folded));
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
      search: () => this.search(),
      help: () => this.#part('shortcut-help').open(),
      keys: ({ detail }) => {
        this.keys = detail.on;
        keep('keys', detail.on ? 'on' : 'off');
      },
    };
  }

  #reset() {
    this.painting.drop();
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
    owners.join(this, this.onKeydown);
    if (this.call && this.begun) this.source = liveSource(this); // moved within the page
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    owners.leave(this);
    this.source?.stop();
  }

  willUpdate(changed) {
    if (this.call && (changed.has('call') || changed.has('server'))) this.source = liveSource(this);
    if (this.source && this.source !== this.begun) this.#begin(this.source);
    if (changed.has('state')) {
      const news = announcement(changed.get('state') ?? EMPTY, this.state, this.t);
      if (news) this.said = news;
      if (this.state.pages !== changed.get('state')?.pages) this.trail = this.state.pages.slice(0, -1);
    }
  }

  /** Nothing of another call stays: not its state, its edits, its refusals, nor what is still on the way. */
  #begin(source) {
    this.begun?.stop();
    this.begun = source;
    this.#reset();
    const mine = () => source === this.begun;
    source.start({
      onEvent: (event) => mine() && this.#receive(event),
      onState: (state) => mine() && ((this.folded = state), this.painting.soon()),
      onConnection: (connection) => mine() && (this.connection = connection),
    });
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

  /** Folds at once, paints once a frame. */
  #receive(event) {
    this.folded = fold(this.folded, event);
    this.painting.soon();
  }

  #fetchOutlines() {
    const { source } = this;
    for (const { guide } of this.state.pages) {
      if (guide in this.outlines) continue;
      this.outlines = { ...this.outlines, [guide]: null };
      source.outline(guide).then(
        (outline) => source === this.begun && (this.outlines = { ...this.outlines, [guide]: outline }),
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
    if (current) bringIntoView(this.#part('.main'), current);
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
    const { source } = this;
    const answer = await source.send(command);
    if (source !== this.begun) return;
    const busy = new Set(this.busy);
    if (answer.refused?.code !== 'correction.gone') busy.delete(effect); // what is gone is not asked for again
    this.busy = busy;
    if (answer.refused) this.refusal = answer.refused;
  }

  dismiss(seqs) {
    this.dismissed = new Set([...this.dismissed, ...seqs]);
  }

  /** Opens the search by hand, with these words already typed. */
  search(words = '') {
    if (!this.readonly) this.#part('guide-search').open(words);
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
      search: () => this.search(), help: () => this.#part('shortcut-help').open(),
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
          .calls=${state.last_calls} .number=${state.started?.number ?? ''} .readonly=${this.readonly || state.status !== 'live'} .t=${t}></customer-card>`}
        <div class="work">${banners(this)}${advice(this)}<div class="main" role=${this.inner ? nothing : 'main'}>
          <suggestion-chips .suggested=${state.suggested} .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${t} ?hidden=${!state.suggested.length}></suggestion-chips>
          ${conflicts(this)}${reminders(this)}
          ${page ? continuation(this, page) : nothing}
          ${page ? this.#guide(page) : emptyState(this)}
          ${over || state.wrapped ? html`<wrap-up .wrapped=${state.wrapped} .tickets=${filed} .guess=${outcomeOf(state, filed)} .broken=${state.status === 'broken_off'}
            .busy=${this.busy} .readonly=${this.readonly} .t=${t}></wrap-up>` : nothing}
          ${Object.values(state.summaries).map((summary) => html`<summary-card .summary=${summary} .busy=${this.busy} .readonly=${this.readonly} .t=${t}></summary-card>`)}
          ${closedGuides(this)}
          ${handoff(this)}
        </div></div>
        <aside class="talk ${this.tall ? 'tall' : ''}" aria-label=${t('transcript')}><transcript-view .lines=${state.lines} .ended=${over} .marked=${this.marked} .tall=${this.tall} .busy=${this.busy} .readonly=${this.readonly} .t=${t}></transcript-view></aside>
      </div>
      ${this.refusal ? html`<div class="toast">${troubleNote(this.refusal, t, dismiss(t, () => (this.refusal = null)))}</div>` : nothing}
      <div class="sr" aria-live="polite">${this.said}</div>
      <guide-search .source=${this.source} .language=${state.started ? state.lang : t.lang} .t=${t}></guide-search>
      <shortcut-help .keys=${this.keys} .t=${t}></shortcut-help>`;
  }

  #guide(page) {
    const place = page.current ? placeOf(page.current) : '';
    return html`<guide-card .page=${page} .trail=${this.trail} .outline=${this.outlines[page.guide]}
      .effects=${this.effects(this.state, place, this.host)} .edits=${this.edits} .busy=${this.busy}
      .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></guide-card>`;
  }
}
