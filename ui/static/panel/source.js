// Where a panel's events come from. The panel knows only this shape, so that a live call, a replay
// and a guide preview are the same component:
//
//   start({ onEvent(event), onState(folded), onConnection(state) })   state: connecting | live |
//   stop()                                    reconnecting | offline | missing | replay | practice
//   send(command) -> Promise<{ok: true} | {refused: {code, message, remedy}}>
//   find(text, lang, by) -> Promise<{decision, meaning, matches}>   by: hand (at once) | both
//   guides() -> Promise<[{id, title, lang}]>     outline(id) -> Promise<{id, title, steps}>
//
// LiveSource never asks for an event twice and never skips one: it reconnects with `after=` the
// last seq it passed on, and treats a gap as a broken connection.

import { SERVER, signInPath, socketUrl } from '../server.js';

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 15000;
const OFFLINE_AFTER_TRIES = 4;
const SILENCE_MS = 1200;
const SIGNED_OUT = 4401;

/** Wait before try n (from 0): doubling, capped, spread by ±20 % so that panels do not return at once. */
export function backoffMs(tries, random = Math.random()) {
  const wait = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** tries);
  return Math.round(wait * (0.8 + 0.4 * random));
}

export class LiveSource {
  /** `refusals(name)` gives the text for a command that could not be sent: 'refused' | 'unsure'. */
  constructor(call, { server = SERVER, refusals }) {
    this.call = call;
    this.server = server;
    this.refusals = refusals;
    this.last = 0;
    this.missing = false;
    this.tries = 0;
    this.refs = 0;
    this.waiting = new Map();
    this.socket = null;
    this.timer = 0;
    this.stopped = true;
    this.online = () => this.#connect();
    this.offline = () => this.socket?.close();
  }

  start(listener) {
    this.listener = listener;
    this.stopped = false;
    addEventListener('online', this.online);
    addEventListener('offline', this.offline);
    this.#connect();
  }

  stop() {
    this.stopped = true;
    removeEventListener('online', this.online);
    removeEventListener('offline', this.offline);
    clearTimeout(this.timer);
    this.socket?.close();
  }

  send(command) {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      return Promise.resolve({ refused: this.refusals('refused') });
    }
    const ref = String(++this.refs);
    return new Promise((resolve) => {
      this.waiting.set(ref, resolve);
      this.socket.send(JSON.stringify({ ref, command }));
    });
  }

  async find(text, lang, by = 'both') {
    return this.#get(`/api/find?q=${encodeURIComponent(text)}&lang=${lang}&by=${by}`);
  }

  async guides() {
    return (await this.#get('/api/guides')).guides;
  }

  async outline(guide) {
    return this.#get(`/api/guides/${encodeURIComponent(guide)}`);
  }

  #connect() {
    if (this.stopped || (this.socket && this.socket.readyState < WebSocket.CLOSING)) return;
    clearTimeout(this.timer);
    if (this.tries === 0 && this.last === 0) this.listener.onConnection('connecting');
    const path = `/v1/calls/${encodeURIComponent(this.call)}/events?after=${this.last}`;
    const socket = new WebSocket(socketUrl(path, this.server));
    this.socket = socket;
    socket.onopen = () => {
      this.listener.onConnection('live');
      if (this.last === 0) this.timer = setTimeout(() => this.#askIfMissing(socket), SILENCE_MS);
    };
    socket.onmessage = (message) => this.#receive(socket, JSON.parse(message.data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  #receive(socket, message) {
    if (socket !== this.socket || this.stopped) return;
    this.tries = 0; // not on open: a server that accepts and hangs up must not be stormed
    if ('ref' in message) {
      this.waiting.get(message.ref)?.(message.ok ? { ok: true } : { refused: message.refused });
      this.waiting.delete(message.ref);
      return;
    }
    if (message.seq <= this.last) return;
    if (this.missing) this.listener.onConnection('live');
    this.missing = false;
    if (message.seq > this.last + 1) {
      socket.close();
      return;
    }
    this.last = message.seq;
    this.listener.onEvent(message);
  }

  #closed(socket, code) {
    if (socket !== this.socket) return;
    if (!this.stopped && (code === SIGNED_OUT || (this.tries === 1 && navigator.onLine))) this.#askIfSignedOut();
    for (const resolve of this.waiting.values()) resolve({ refused: this.refusals('unsure') });
    this.waiting.clear();
    clearTimeout(this.timer);
    if (this.stopped) return;
    const away = !navigator.onLine || this.tries >= OFFLINE_AFTER_TRIES;
    this.listener.onConnection(away ? 'offline' : 'reconnecting');
    this.timer = setTimeout(() => this.#connect(), backoffMs(this.tries++));
  }

  /** A session that is over is refused without a word; only an answer over HTTP says so. */
  async #askIfSignedOut() {
    const answer = await fetch(`${this.server}/api/me`, { credentials: 'include' }).catch(() => null);
    if (answer?.status !== 401 || new URL(this.server).origin !== location.origin) return;
    location.assign(signInPath());
  }

  /** A call that does not exist says nothing; the JSON address tells it from one that is quiet. */
  async #askIfMissing(socket) {
    const path = `/api/calls/${encodeURIComponent(this.call)}/events?after=0`;
    const answer = await fetch(this.server + path, { credentials: 'include' }).catch(() => null);
    if (answer?.status !== 404 || socket !== this.socket || this.last > 0) return;
    this.missing = true;
    this.listener.onConnection('missing');
  }

  async #get(path) {
    const answer = await fetch(this.server + path, { headers: { accept: 'application/json' }, credentials: 'include' });
    if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
    return answer.json();
  }
}

/** The source of a panel's own `call` and `server`. */
export function liveSource(panel) {
  const refusals = (name) => ({ code: `panel.${name}`, message: panel.t(`conn.${name}`), remedy: panel.t(`conn.${name}.remedy`) });
  return new LiveSource(panel.call, { server: (panel.server || SERVER).replace(/\/$/, ''), refusals });
}

/** Plays a list of events: replay and guide preview. `speed` 0 hands them over at once. */
export class ScriptedSource {
  constructor(events, { speed = 0, outlines = {}, matches = [], onCommand } = {}) {
    this.events = events;
    this.speed = speed;
    this.outlines = outlines;
    this.matches = matches;
    this.onCommand = onCommand;
    this.sent = [];
    this.timers = [];
  }

  start(listener) {
    this.listener = listener;
    listener.onConnection('replay');
    for (const event of this.events) {
      if (!this.speed) listener.onEvent(event);
      else this.timers.push(setTimeout(() => listener.onEvent(event), event.at_ms / this.speed));
    }
  }

  stop() {
    this.timers.forEach(clearTimeout);
  }

  /** One more event, as if it had just happened. */
  push(event) {
    this.listener.onEvent(event);
  }

  async send(command) {
    this.sent.push(command);
    return (await this.onCommand?.(command)) ?? { ok: true };
  }

  async find() {
    return { decision: this.matches.length ? 'suggest' : 'silent', meaning: 'ok', matches: this.matches };
  }

  async guides() {
    return Object.values(this.outlines).map(({ id, title, lang = 'zh' }) => ({ id, title, lang }));
  }

  async outline(guide) {
    return this.outlines[guide] ?? { id: guide, title: '', steps: [] };
  }
}
