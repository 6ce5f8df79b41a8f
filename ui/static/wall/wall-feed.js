// The live calls as they change: all rows once, then only the fields that differ. After a broken
// connection everything comes anew.

import { backoffMs } from '../panel/source.js';
import { socketUrl } from '../server.js';

/** The rows after a message; a row that is new comes whole, others bring what has changed. */
export function merged(rows, { first = false, changed = [], gone = [] }) {
  const next = new Map(first ? [] : rows);
  for (const row of changed) next.set(row.call, { ...next.get(row.call), ...row });
  for (const call of gone) next.delete(call);
  return next;
}

/** Who needs help first: what marks the call, then how long it stands at its step. */
export function inOrder(rows) {
  return [...rows].sort(
    (a, b) => b.need - a.need || since(a).localeCompare(since(b)) || a.call.localeCompare(b.call),
  );
}

const since = (row) => row.step_since || row.started_at;

export class WallFeed {
  /** `aheadMs`: how far the server's clock is ahead of the browser's. */
  constructor({ onRows, onAlerts, onReachable }) {
    Object.assign(this, { onRows, onAlerts, onReachable });
    this.rows = new Map();
    this.aheadMs = 0;
    this.tries = 0;
  }

  start() {
    this.socket = new WebSocket(socketUrl('/v1/wall'));
    this.socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    this.socket.onclose = () => {
      if (this.stopped) return;
      this.onReachable(false);
      this.timer = setTimeout(() => this.start(), backoffMs(this.tries++));
    };
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.socket?.close();
  }

  #take(message) {
    this.aheadMs = Date.parse(message.now) - Date.now();
    this.rows = merged(this.rows, message);
    if (message.first) {
      this.tries = 0;
      this.onReachable(true);
    }
    this.onRows(this.rows);
    if (message.alerts) this.onAlerts(message.alerts);
  }
}
