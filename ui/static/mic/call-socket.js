// The call's socket, in the native protocol; comes back by itself within the server's grace.

import { socketUrl } from '../server.js';

const AGAIN_MS = [300, 700, 1500, 3000, 5000];

export class CallSocket {
  /** `on` has started(call), lost(), ended(), refused(error). */
  constructor(start, on) {
    this.start = { type: 'start', returns: true, ...start };
    this.on = on;
    this.tries = 0;
    this.paused = false;
    this.over = false;
    this.#connect();
  }

  send(frame) {
    // What cannot be sent now is not kept: the call goes on with what is said now.
    if (this.ready && !this.paused && this.socket.bufferedAmount < 1 << 18) this.socket.send(frame);
  }

  pause(paused) {
    this.paused = paused;
    if (this.ready) this.socket.send(JSON.stringify({ type: paused ? 'pause' : 'resume' }));
  }

  stop() {
    this.over = true;
    clearTimeout(this.timer);
    if (this.ready) this.socket.send('{"type": "stop"}');
    else this.on.ended();
  }

  #connect() {
    const socket = new WebSocket(socketUrl('/v1/microphone'));
    this.socket = socket;
    this.ready = false;
    socket.onopen = () => socket.send(JSON.stringify(this.start));
    socket.onmessage = ({ data }) => this.#take(JSON.parse(data));
    socket.onclose = () => this.#closed();
  }

  #take(message) {
    if (message.type === 'started') {
      this.ready = true;
      this.tries = 0;
      if (this.paused) this.pause(true);
      this.on.started(message.call);
    } else if (message.type === 'ended') {
      this.over = true;
      this.on.ended();
    } else if (message.type === 'error') {
      this.over = true;
      this.on.refused(message);
    }
  }

  #closed() {
    this.ready = false;
    if (this.over) {
      this.on.ended();
      return;
    }
    if (this.tries >= AGAIN_MS.length) {
      this.over = true;
      this.on.refused({ code: 'unreachable', message: '', remedy: '' });
      return;
    }
    this.on.lost();
    this.timer = setTimeout(() => this.#connect(), AGAIN_MS[this.tries]);
    this.tries += 1;
  }
}
