// Long work of the server, watched from here until it ends.

import { getJson, postJson } from '../shell/api.js';

const LOOK_EVERY_MS = 400;

export class JobWatch {
  /** `onChange()` whenever `job` has changed. */
  constructor(onChange) {
    this.onChange = onChange;
    this.job = null;
    this.stopping = false;
  }

  get running() {
    return this.job?.state === 'running';
  }

  /** The result; null when it was cancelled. Throws what it failed with. */
  async run(path, body = {}) {
    this.stopping = false;
    this.#is(await postJson(path, body));
    while (this.running) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      this.#is(await getJson(`/api/studio/jobs/${this.job.id}`));
    }
    if (this.job.state === 'failed') throw Object.assign(new Error(this.job.error.message), this.job.error);
    return this.job.state === 'done' ? this.job.result : null;
  }

  /** It ends at its next step. */
  async cancel() {
    this.stopping = true;
    this.onChange();
    await postJson(`/api/studio/jobs/${this.job.id}`, {}, { method: 'DELETE' });
  }

  #is(job) {
    this.job = job;
    this.onChange();
  }
}
