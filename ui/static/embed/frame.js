// <embed-frame>: the page /embed, made to stand in a frame beside a CRM. Shows the agent's own call and
// goes on to the next one; `?call=ID` begins with a call by name.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, phone } from '../design/base.js';
import { linkTo } from '../server.js';
import { CallsFeed } from '../start/calls-feed.js';
import { chosenLanguage, translatorOf } from '../texts.js';
import { Bridge, parentOrigin } from './bridge.js';
import { EMBED_TEXTS } from './embed-texts.js';
import { callToShow, liveOf, unwrapped } from './follow.js';
import './panel.js';

const translator = translatorOf(EMBED_TEXTS);

export class EmbedFrame extends LitElement {
  static properties = {
    language: {},
    calls: { state: true }, // null until the list has come
    call: { state: true },
    me: { state: true }, // undefined: not known yet; null: signed out
    reachable: { state: true }, // the list of calls, by its socket
    answers: { state: true }, // the server, by HTTP
  };

  static styles = [base, css`
    :host { height: 100dvh; display: grid; grid-template-rows: auto minmax(0, 1fr); }
    .strip { display: flex; gap: var(--s-1); padding: var(--s-1) var(--s-2); background: var(--inset); border-bottom: 1px solid var(--line); overflow-x: auto; }
    .strip button { font-size: var(--t-xs); min-height: 28px; flex: none; }
    .strip [aria-pressed='true'] { background: var(--surface); border-color: var(--line); font-weight: var(--w-medium); color: var(--ink); }
    .left { display: flex; align-items: center; gap: var(--s-2); padding: 2px var(--s-2) 2px var(--s-4); font-size: var(--t-xs); background: var(--warn-soft); color: var(--warn-ink); }
    .left span { flex: 1; }
    .left button { font-size: var(--t-xs); min-height: 26px; color: inherit; }
    .state { display: grid; align-content: center; justify-items: center; gap: 2px; padding: var(--s-5); text-align: center; color: var(--ink-2); grid-row: 2; }
    .state .icon { color: var(--ink-3); margin-bottom: var(--s-2); }
    .state h1 { font-size: var(--t-lg); color: var(--ink); }
    .state p { font-size: var(--t-sm); max-width: 30ch; text-wrap: balance; }
    .state a { margin-top: var(--s-3); display: inline-flex; align-items: center; min-height: 36px; padding: 0 var(--s-4); border-radius: var(--r-1); background: var(--accent); color: var(--on-accent); text-decoration: none; font-weight: var(--w-medium); }
    .state a:hover { background: var(--accent-hover); }
    assist-panel { grid-row: 2; min-height: 0; }
  `];

  constructor() {
    super();
    this.language = chosenLanguage();
    this.calls = null;
    this.call = new URLSearchParams(location.search).get('call') ?? '';
    this.agent = '';
    this.left = new Set();
    this.reachable = true;
    this.answers = true;
    this.onFocus = () => this.me || this.#askWho();
    this.addEventListener('assist', ({ detail }) => this.bridge.tell(detail));
  }

  get t() {
    return translator(this.language);
  }

  get #panel() {
    return this.renderRoot.querySelector('assist-panel');
  }

  connectedCallback() {
    super.connectedCallback();
    this.bridge = new Bridge((message) => this.#hear(message));
    this.feed = new CallsFeed({ onCalls: (calls) => this.#listed(calls), onReachable: (yes) => this.#reached(yes) });
    addEventListener('focus', this.onFocus);
    this.#askWho();
    this.bridge.tell({ type: 'ready' });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('focus', this.onFocus);
    this.feed.stop();
    this.bridge.close();
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.t('app');
  }

  /** Whoever is signed in; the list of calls is asked for after that. */
  async #askWho() {
    const answer = await fetch(linkTo('/api/me')).catch(() => null);
    if (answer?.status === 401) this.me = null;
    else if (answer?.ok) {
      this.me = await answer.json();
      this.agent ||= this.me.login;
      if (!this.feed.socket) this.feed.start();
      if (this.calls) this.#listed(this.calls);
    } else this.#later();
    this.answers = Boolean(answer);
    if (this.me === null) this.#later();
  }

  #later() {
    clearTimeout(this.asking);
    this.asking = setTimeout(() => this.#askWho(), 5000);
  }

  /** A list that does not come may be a session that is over. */
  #reached(yes) {
    this.reachable = yes;
    if (!yes) this.#askWho();
  }

  #listed(calls) {
    this.calls = calls;
    this.#show(callToShow(calls, this.call, this.agent));
  }

  #show(call) {
    if (call === this.call) return;
    if (this.call) this.left = new Set(this.left).add(this.call);
    this.call = call;
  }

  /** What the page around asks for; anything else is not understood and left alone. */
  async #hear(message) {
    switch (message.type) {
      case 'open_call':
        this.#show(String(message.call ?? ''));
        if (!message.call) this.#listed(this.calls ?? []);
        break;
      case 'set_agent':
        this.agent = String(message.agent ?? '');
        this.#listed(this.calls ?? []);
        break;
      case 'know_customer':
        await this.updateComplete;
        this.#panel?.know(String(message.number ?? ''));
        break;
      case 'focus_search':
        window.focus();
        this.#panel?.search(String(message.words ?? ''));
        break;
      default:
    }
  }

  render() {
    const { t } = this;
    if (parentOrigin() && !this.bridge.isOpen) return this.#state('triangle-alert', 'refused');
    if (this.me === null) {
      return this.#state('user', 'signed_out', html`<a href=${linkTo(`/sign-in?next=${encodeURIComponent(linkTo('/'))}`)} target="_blank" rel="noopener">${t('embed.sign_in')}</a>`);
    }
    const live = liveOf(this.calls ?? [], this.agent);
    const [last] = unwrapped(this.calls ?? [], this.call, this.agent, this.left);
    return html`<div>
        ${live.length > 1
          ? html`<div class="strip" role="group" aria-label=${t('embed.calls')}>${live.map((call) => html`<button class="ghost" aria-pressed=${call.id === this.call}
              @click=${() => this.#show(call.id)}>${icon('phone', 13)}<span class="num">${phone(call.number) || t('embed.unknown')}</span></button>`)}</div>`
          : nothing}
        ${last ? html`<div class="left" role="status"><span class="num">${t('embed.left', { number: phone(last.number) || t('embed.unknown') })}</span>
            <button class="ghost" @click=${() => this.#show(last.id)}>${t('embed.left.open')}</button></div>` : nothing}
      </div>
      ${this.call
        ? html`<assist-panel .call=${this.call} .host=${this.bridge.isOpen} shortcuts="page"></assist-panel>`
        : this.#noCall()}`;
  }

  /** A session that holds for requests and not for sockets is one that the browser keeps from this frame. */
  #noCall() {
    if (!this.answers) return this.#state('plug', 'offline');
    if (this.reachable) return this.#state('phone', this.calls ? 'none' : 'connecting');
    const foreign = parentOrigin() && parentOrigin() !== location.origin;
    return foreign && this.me ? this.#state('triangle-alert', 'cookies') : this.#state('plug', 'offline');
  }

  #state(name, what, more = nothing) {
    const text = what === 'connecting' ? '' : this.t(`embed.${what}.text`);
    return html`<main class="state" aria-live="polite">${icon(name, 26)}<h1>${this.t(`embed.${what}`)}</h1><p>${text}</p>${more}</main>`;
  }
}

customElements.define('embed-frame', EmbedFrame);
