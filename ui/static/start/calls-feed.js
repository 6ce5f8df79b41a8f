// The list of calls as it changes: asked for over HTTP, then pushed. After a broken connection it is
// asked for again; what was pushed meanwhile is newer than any answer and wins.

import { backoffMs } from '../panel/source.js';
import { socketUrl } from '../server.js';
import { getJson } from '../shell/api.js';

/** A pushed message is one call, or the whole list. Newest first. */
export function withPushed(calls, message) {
  const list = message.calls ?? [message, ...calls.filter((call) => call.id !== message.id)];
  return [...list].sort((a, b) => b.started_at.localeCompare(a.started_at));
}

export class CallsFeed {
  constructor({ onCalls, onReachable }) {
    this.onCalls = onCalls;
    this.onReachable = onReachable;
    this.calls = [];
    this.tries = 0;
  }

  start() {
    this.socket = new WebSocket(socketUrl('/v1/calls'));
    this.socket.onopen = () => this.#refresh();
    this.pushed = false;
    this.socket.onmessage = ({ data }) => {
      this.pushed = true;
      this.#take(JSON.parse(data));
    };
    this.socket.onclose = () => {
      if (this.stopped) return;
      this.onReachable(false);
      if (this.tries === 1) getJson('/api/me').catch(() => {}); // signed out meanwhile: leads to the door
      this.timer = setTimeout(() => this.start(), backoffMs(this.tries++));
    };
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  async #refresh() {
    try {
      const list = await getJson('/api/calls');
      if (!this.pushed) this.#take(list);
      this.tries = 0;
      this.onReachable(true);
    } catch {
      this.socket.close();
    }
  }

  #take(message) {
    this.calls = withPushed(this.calls, message);
    this.onCalls(this.calls);
  }
}
