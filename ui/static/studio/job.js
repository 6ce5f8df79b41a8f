// Long work of the server, watched from here until it ends, by a reloaded page, too.

import { getJson, postJson } from '../shell/api.js';

const LOOK_EVERY_MS = 400;

export class JobWatch {
  /** `onChange()` whenever `job` has changed. */
  constructor(onChange) {
    this.onChange = onChange;
    this.job = null;
    this.stopping = false;
    this.away = false;
  }

  get running() {
    return this.job?.state === 'running';
  }

  /** The result; null when it was cancelled. Throws what it failed with. `name` is what `left` knows
   * it by, and `about` anything the page wants to have again. */
  async run(name, path, body = {}, about = null) {
    this.#is(await postJson(path, body));
    sessionStorage.setItem(key(name), JSON.stringify({ id: this.job.id, about }));
    return this.#follow(name);
  }

  /** What a page that was left had begun and not seen the end of: { kind, about, result }, where
   * `result` promises what `run` would have given; null where there is nothing. */
  async left(name) {
    const kept = JSON.parse(sessionStorage.getItem(key(name)) ?? 'null');
    if (!kept || this.running) return null;
    try {
      this.#is(await getJson(`/api/studio/jobs/${kept.id}`));
    } catch (error) {
      if (error.code !== 'studio.job') throw error;
      sessionStorage.removeItem(key(name)); // the server has forgotten it
      return null;
    }
    return { kind: this.job.kind, about: kept.about, result: this.#follow(name) };
  }

  /** The page goes: `left` finds the job again. */
  leave() {
    this.away = true;
  }

  /** It ends at its next step. */
  async cancel() {
    this.stopping = true;
    this.onChange();
    await postJson(`/api/studio/jobs/${this.job.id}`, {}, { method: 'DELETE' });
  }

  async #follow(name) {
    this.stopping = this.away = false;
    while (this.running) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      if (this.away) return null;
      this.#is(await getJson(`/api/studio/jobs/${this.job.id}`));
    }
    sessionStorage.removeItem(key(name));
    if (this.job.state === 'failed') throw Object.assign(new Error(this.job.error.message), this.job.error);
    return this.job.state === 'done' ? this.job.result : null;
  }

  #is(job) {
    this.job = job;
    this.onChange();
  }
}

function key(name) {
  return `studio.job ${name}`;
}
