// Sources of events of the trainer's room: a stored call shown up to any moment, and a practice that
// goes on at the server. Both are what <assist-panel> takes (../panel/source.js).

import { ScriptedSource } from '../panel/source.js';
import { EMPTY, fold, foldAll } from '../panel/fold.js';
import { getJson, postJson } from '../shell/api.js';

const CHECKPOINT_EVERY = 100;

class RoomSource extends ScriptedSource {
  async find(text, lang, by = 'both') {
    return getJson(`/api/find?q=${encodeURIComponent(text)}&lang=${lang}&by=${by}`);
  }

  async guides() {
    return (await getJson('/api/guides')).guides;
  }

  async outline(guide) {
    return getJson(`/api/guides/${encodeURIComponent(guide)}`);
  }
}

/** Going back is folding fewer events: every so many a state is kept to begin from. */
export class ReplaySource extends RoomSource {
  constructor(events) {
    super(events);
    this.checkpoints = [EMPTY];
  }

  start(listener) {
    this.listener = listener;
    listener.onConnection('replay');
  }

  /** Shows the call after its first `count` events. */
  show(count) {
    this.listener?.onState(this.stateAfter(count));
  }

  stateAfter(count) {
    const nearest = Math.floor(count / CHECKPOINT_EVERY);
    while (this.checkpoints.length <= nearest) {
      const from = (this.checkpoints.length - 1) * CHECKPOINT_EVERY;
      const next = this.events.slice(from, from + CHECKPOINT_EVERY);
      this.checkpoints.push(next.reduce(fold, this.checkpoints.at(-1)));
    }
    return foldAll(this.events.slice(nearest * CHECKPOINT_EVERY, count), this.checkpoints[nearest]);
  }
}

/** A practice at the server. `onAnswer` is told how it stands after everything that was done. */
export class PracticeSource extends RoomSource {
  constructor(practice, onAnswer) {
    super(practice.events);
    this.path = `/api/training/practices/${encodeURIComponent(practice.practice)}`;
    this.onAnswer = onAnswer;
  }

  start(listener) {
    super.start(listener);
    listener.onConnection('practice');
  }

  async send(command) {
    try {
      await this.ask('commands', { command });
      return { ok: true };
    } catch (error) {
      const { code = '', message, remedy = '', values } = error;
      return { refused: { code, message, remedy, values } };
    }
  }

  /** say | next | hang-up | hint | finish | commands; its events are shown, the answer comes back. */
  async ask(what, body = {}) {
    const answer = await postJson(`${this.path}/${what}`, body);
    const events = await this.#whole(answer.events ?? []);
    for (const event of events) {
      this.events = [...this.events, event];
      this.push(event);
    }
    this.onAnswer?.({ ...answer, events });
    return answer;
  }

  /** With what was done in another window meanwhile. */
  async #whole(events) {
    const known = this.events.at(-1)?.seq ?? 0;
    const gap = events.length > 0 && events[0].seq > known + 1;
    return gap ? (await getJson(this.path)).events.filter(({ seq }) => seq > known) : events;
  }
}
