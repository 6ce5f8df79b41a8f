// A call by microphone: choose, talk, hang up. The panel is a page of its own, beside this one.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { getJson } from '../shell/api.js';
import { wordsOf } from '../words.js';
import { CallSocket } from './call-socket.js';
import { Capture, CaptureError, microphones } from './capture.js';
import { MIC_TEXTS } from './mic-texts.js';

const Words = wordsOf(MIC_TEXTS);
const SILENT_AFTER_MS = 6000;
const LOUD = 0.01; // of full scale; a quiet room is below

export class MicPage extends LitElement {
  // state: loading | closed | offline | idle | asking | connecting | live | lost | ended
  static properties = {
    state: { state: true }, trouble: { state: true }, devices: { state: true },
    muted: { state: true }, since: { state: true }, silent: { state: true }, who: { state: true },
    call: { state: true },
  };

  static styles = [base, css`
    main { width: min(100% - 32px, 560px); margin: 0 auto; padding: var(--s-6) 0 var(--s-7); }
    h1 { font-size: var(--t-title); line-height: 1.25; margin-bottom: var(--s-1); }
    .lead { color: var(--ink-2); margin-bottom: var(--s-5); }
    .card { padding: var(--s-5); }
    form { display: grid; gap: var(--s-4); }
    .pair { display: grid; gap: var(--s-4); grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); }
    label.field { display: grid; gap: var(--s-1); font-weight: var(--w-medium); font-size: var(--t-sm); }
    label.field > * { font-weight: 400; font-size: var(--t-md); }
    .note { color: var(--ink-3); font-size: var(--t-sm); }
    .tick { display: grid; grid-template-columns: auto 1fr; gap: 2px var(--s-2); align-items: start; }
    .tick input { width: 16px; min-height: 0; height: 16px; margin: 3px 0 0; accent-color: var(--accent); }
    .tick .note { grid-column: 2; }
    .wide { width: 100%; min-height: 40px; }
    .status { display: flex; align-items: center; gap: var(--s-2); font-weight: var(--w-medium); }
    .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--field-line); flex: none; }
    .dot.live { background: var(--ok); box-shadow: 0 0 0 4px var(--ok-soft); }
    .dot.lost { background: var(--warn); box-shadow: 0 0 0 4px var(--warn-soft); }
    .time { margin-inline-start: auto; color: var(--ink-2); font-weight: 400; }
    .meters { display: grid; gap: var(--s-3); margin: var(--s-5) 0; }
    .meter span { font-size: var(--t-sm); color: var(--ink-2); }
    .track { height: 8px; border-radius: var(--r-full); background: var(--track); overflow: hidden; margin-top: var(--s-1); }
    .level { height: 100%; width: 100%; background: var(--ok); transform: scaleX(0); transform-origin: left; }
    .meter.off .level { background: var(--field-line); }
    .buttons { display: flex; gap: var(--s-2); flex-wrap: wrap; }
    .buttons > * { flex: 1; min-height: 40px; text-decoration: none; }
    a.button { display: inline-flex; align-items: center; justify-content: center; gap: var(--s-2); padding: 0 var(--s-3); border-radius: var(--r-1); border: 1px solid var(--line); background: var(--surface); color: var(--ink); }
    a.button:hover { background: var(--hover); }
    .end { border-color: var(--bad-line); color: var(--bad-ink); background: var(--surface); }
    .end:hover { background: var(--bad-soft); }
    .trouble { display: grid; grid-template-columns: auto 1fr; gap: 0 var(--s-2); padding: var(--s-3); border-radius: var(--r-2); background: var(--bad-soft); color: var(--bad-ink); margin-bottom: var(--s-4); }
    .trouble .icon { margin-top: 3px; }
    .trouble strong { font-weight: var(--w-medium); }
    .trouble p { grid-column: 2; color: var(--ink-2); }
    .warn { padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--warn-soft); color: var(--warn-ink); font-size: var(--t-sm); margin-bottom: var(--s-4); }
    .empty { text-align: center; display: grid; gap: var(--s-2); justify-items: center; padding: var(--s-6) var(--s-5); }
    .empty p { color: var(--ink-2); }
  `];

  constructor() {
    super();
    new Words(this);
    this.state = 'loading';
    this.trouble = null;
    this.devices = [];
    this.who = 'agent';
    this.levels = [0, 0];
    this.onDevices = () => this.#list();
  }

  connectedCallback() {
    super.connectedCallback();
    navigator.mediaDevices?.addEventListener?.('devicechange', this.onDevices);
    this.#look();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    navigator.mediaDevices?.removeEventListener?.('devicechange', this.onDevices);
    this.#over();
  }

  async #look() {
    this.state = 'loading';
    try {
      this.state = (await getJson('/api/mic')).open ? 'idle' : 'closed';
    } catch {
      this.state = 'offline';
    }
    await this.#list();
  }

  async #list() {
    this.devices = (await microphones()).filter((device) => device.deviceId);
  }

  async #start(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    this.trouble = null;
    this.state = 'asking';
    const tab = form.get('tab') === 'on' && this.who === 'agent';
    this.tab = tab;
    this.capture = new Capture({
      onFrame: (frame, peaks) => this.#frame(frame, peaks),
      onEnd: (key) => (this.trouble = { key }),
    });
    try {
      await this.capture.open({ device: form.get('device'), tab });
    } catch (error) {
      if (!(error instanceof CaptureError)) throw error;
      this.trouble = { key: error.key };
      this.state = 'idle';
      return;
    }
    this.#list();
    this.state = 'connecting';
    this.muted = false;
    this.silent = false;
    this.socket = new CallSocket(
      {
        call_id: [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
        agent: 'microphone', // the server takes who has signed in
        customer: form.get('number').trim(),
        lang: form.get('lang'),
        format: 'pcm16',
        rate_hz: this.capture.rateHz,
        channels: tab ? ['agent', 'customer'] : [this.who],
        source: 'microphone',
      },
      {
        started: (call) => {
          this.call = call;
          this.since ??= Date.now();
          this.loudAt = Date.now();
          this.state = 'live';
          this.ticking ??= setInterval(() => this.#tick(), 250);
        },
        lost: () => (this.state = 'lost'),
        ended: () => this.#over('ended'),
        refused: (error) => {
          this.trouble = error.code === 'unreachable' ? { key: 'unreachable' } : { key: 'refused', ...error };
          this.#over(this.call ? 'ended' : 'idle');
        },
      },
    );
  }

  #frame(frame, peaks) {
    this.socket?.send(frame);
    peaks.forEach((peak, source) => {
      this.levels[source] = Math.max(peak, this.levels[source] * 0.8);
      const bar = this.renderRoot.querySelector(`[data-source="${source}"]`);
      // Of -60 to 0 dB of full scale: what a voice fills well.
      const share = Math.max(0, Math.min(1, 1 + Math.log10(Math.max(this.levels[source], 1e-4)) / 3));
      if (bar) bar.style.transform = `scaleX(${share.toFixed(3)})`;
    });
    if (peaks[0] > LOUD) this.loudAt = Date.now();
  }

  #tick() {
    this.silent = !this.muted && Date.now() - this.loudAt > SILENT_AFTER_MS;
    this.requestUpdate();
  }

  #mute() {
    this.muted = !this.muted;
    this.loudAt = Date.now();
    this.socket.pause(this.muted);
  }

  #over(state) {
    clearInterval(this.ticking);
    this.ticking = null;
    this.capture?.close();
    const socket = this.socket;
    this.socket = null;
    if (socket && !socket.over) socket.stop();
    if (state) this.state = state;
  }

  #again() {
    this.call = '';
    this.since = null;
    this.trouble = null;
    this.#look();
  }

  updated() {
    const { t } = this;
    document.documentElement.lang = t.tag;
    document.title = t('app');
  }

  render() {
    const { t } = this;
    return html`<main>
      <h1>${t('title')}</h1>
      <p class="lead">${t('lead')}</p>
      ${this.trouble ? this.#troubleNote(t) : nothing}
      ${this.#body(t)}
    </main>`;
  }

  #body(t) {
    const plain = { loading: 'loading', asking: 'asking', connecting: 'connecting' }[this.state];
    if (plain) return html`<section class="card empty" role="status"><p>${t(plain)}</p></section>`;
    if (this.state === 'closed' || this.state === 'offline') {
      return html`<section class="card empty" role="status"><strong>${t(this.state)}</strong><p>${t(this.state === 'closed' ? 'closed.note' : 'offline.note')}</p>
        <button class="plain" @click=${this.#look}>${icon('rotate-cw')}${t('retry')}</button></section>`;
    }
    if (this.state === 'ended') {
      return html`<section class="card empty" role="status"><strong>${t('ended')}</strong><p>${t('ended.note')}</p>
        <div class="buttons">${this.#panelLink(t)}<button class="primary" @click=${this.#again}>${t('again')}</button></div></section>`;
    }
    return this.state === 'idle' ? this.#form(t) : this.#live(t);
  }

  #troubleNote(t) {
    const { key, message, remedy } = this.trouble;
    return html`<div class="trouble" role="alert">${icon('triangle-alert')}<strong>${t(`error.${key}`)}</strong>
      <p>${message ? `${message} ${remedy}` : t.or(`error.${key}.note`, '')}</p></div>`;
  }

  #form(t) {
    const both = this.who === 'mixed';
    return html`<form class="card" @submit=${this.#start}>
      <label class="field">${t('field.device')}<select name="device">
        <option value="">${t('device.default')}</option>
        ${this.devices.map((device, n) => html`<option value=${device.deviceId}>${device.label || t('device.nth', { n: n + 1 })}</option>`)}
      </select></label>
      <label class="field">${t('field.who')}<select name="who" @change=${(event) => (this.who = event.target.value)}>
        ${['agent', 'mixed'].map((who) => html`<option value=${who} ?selected=${this.who === who}>${t(`who.${who}`)}</option>`)}
      </select></label>
      ${both ? html`<p class="note">${t('who.mixed.note')}</p>` : nothing}
      <label class="tick"><input type="checkbox" name="tab" ?disabled=${both}><span>${t('field.tab')}</span>
        <span class="note">${t(both ? 'tab.mixed' : 'tab.note')}</span></label>
      <div class="pair">
        <label class="field">${t('field.number')}<input name="number" inputmode="tel" autocomplete="off" maxlength="64"></label>
        <label class="field">${t('field.lang')}<select name="lang">
          ${['zh', 'en', 'auto'].map((lang) => html`<option value=${lang} ?selected=${lang === t.lang}>${t(`lang.${lang}`)}</option>`)}
        </select></label>
      </div>
      <p class="note">${t('number.note')}</p>
      <button class="primary wide">${icon('headset')}${t('start')}</button>
    </form>`;
  }

  #live(t) {
    const lost = this.state === 'lost';
    const said = lost ? 'lost' : this.muted ? 'held' : 'live';
    const passed = this.since ? Date.now() - this.since : 0;
    return html`<section class="card">
      <p class="status"><span class="dot ${lost ? 'lost' : 'live'}"></span><span role="status">${t(said)}</span><span class="time num">${clock(passed)}</span></p>
      <div class="meters">${this.#meter(t('meter.own'), 0)}${this.tab ? this.#meter(t('meter.tab'), 1) : nothing}</div>
      ${this.silent ? html`<p class="warn" role="status">${t('silent')}</p>` : nothing}
      <div class="buttons">
        <button class="plain" aria-pressed=${this.muted ? 'true' : 'false'} @click=${this.#mute}>${icon(this.muted ? 'play' : 'pause')}${t(this.muted ? 'unmute' : 'mute')}</button>
        ${this.#panelLink(t)}
        <button class="end" @click=${() => this.#over('ended')}>${icon('circle-stop')}${t('hangup')}</button>
      </div>
    </section>`;
  }

  #meter(name, source) {
    return html`<div class="meter ${this.muted ? 'off' : ''}"><span>${name}</span>
      <div class="track" aria-hidden="true"><div class="level" data-source=${source}></div></div></div>`;
  }

  #panelLink(t) {
    if (!this.call) return nothing;
    return html`<a class="button" href=${linkTo(`/panel?call=${this.call}`)} target="assist-panel">${icon('external-link')}${t('panel')}</a>`;
  }
}

customElements.define('mic-page', MicPage);
