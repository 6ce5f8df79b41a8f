// A guide as this window works on it: saved by itself, never over what another window has saved, and
// kept in the browser until the server has it.

import { getJson, postJson } from '../shell/api.js';
import { keep, recall } from '../kept.js';

const SAVE_AFTER_MS = 700;
const AGAIN_AFTER_MS = 5000;

export class Work {
  /** `onChange()` after every change of `text`, `saved` or `info`. saved: saved | unsaved | saving |
   *  offline | stale (another window has saved; `theirs` says who) | refused (`error` says why). */
  constructor(guide, onChange) {
    this.guide = guide;
    this.path = `/api/studio/guides/${encodeURIComponent(guide)}`;
    this.onChange = onChange;
    this.text = '';
    this.saved = 'saved';
    this.info = null;
    this.theirs = null;
    this.error = null;
  }

  get draft() {
    return this.info?.draft ?? null;
  }

  get revision() {
    return this.draft?.revision ?? 0;
  }

  async load() {
    this.info = await getJson(this.path);
    this.text = this.info.text;
    this.saved = 'saved';
    this.theirs = this.error = null;
    const local = JSON.parse(recall(this.#key) || 'null');
    if (local && local.text !== this.text) {
      this.text = local.text;
      if (local.revision === this.revision) this.#later(0);
      else this.#stale({ by: this.draft?.by ?? '', at: this.draft?.at ?? '', revision: this.revision });
    } else keep(this.#key, '');
    this.onChange();
  }

  change(text) {
    if (text === this.text) return;
    this.text = text;
    keep(this.#key, JSON.stringify({ text, revision: this.revision }));
    if (this.saved !== 'stale') {
      this.saved = 'unsaved';
      this.#later(SAVE_AFTER_MS);
    }
    this.onChange();
  }

  /** Returns once what was written is saved; throws where it cannot be. */
  async settle() {
    clearTimeout(this.timer);
    await this.saving;
    if (this.saved !== 'saved') await this.#save();
    if (this.saved !== 'saved') throw this.error ?? new Error(this.saved);
  }

  /** Of two windows: this one's text goes over the other's. */
  async keepMine() {
    this.info = { ...(await getJson(this.path)) };
    this.theirs = null;
    this.saved = 'unsaved';
    await this.#save();
  }

  async takeTheirs() {
    keep(this.#key, '');
    this.theirs = null;
    await this.load();
  }

  get #key() {
    return `studio.${this.guide}`;
  }

  #later(ms) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#save(), ms);
  }

  #save() {
    this.saving = this.#put();
    return this.saving;
  }

  async #put() {
    clearTimeout(this.timer);
    const { text } = this;
    this.saved = 'saving';
    this.onChange();
    try {
      const { draft } = await postJson(`${this.path}/draft`, { text, revision: this.revision }, { method: 'PUT' });
      this.info = { ...this.info, draft, text };
      this.error = null;
      this.saved = text === this.text ? 'saved' : 'unsaved';
      if (this.saved === 'saved') keep(this.#key, '');
      else this.#later(SAVE_AFTER_MS);
    } catch (error) {
      this.error = error;
      if (error.code === 'studio.stale') this.#stale(error.values);
      else if (error.status) this.saved = 'refused';
      else {
        this.saved = 'offline';
        this.#later(AGAIN_AFTER_MS);
      }
    }
    this.onChange();
  }

  #stale(theirs) {
    this.saved = 'stale';
    this.theirs = theirs;
  }
}
