// The time of a replay: that of its sound where there is sound, else a clock of its own. What is shown
// is a number of events; a step from event to event can stand still in time.

/** How many events have happened by `at_ms`. */
export function countBy(events, at_ms) {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (events[middle].at_ms <= at_ms) low = middle + 1;
    else high = middle;
  }
  return low;
}

export class ReplayClock {
  /** `sound` is an <audio>, or null; `onTime(at_ms)` is told of every move. */
  constructor({ duration_ms, sound = null, onTime, onPlaying, now = () => performance.now() }) {
    this.duration_ms = duration_ms;
    this.sound = sound;
    this.onTime = onTime;
    this.onPlaying = onPlaying;
    this.now = now;
    this.at_ms = 0;
    this.speed = 1;
    this.playing = false;
  }

  async play() {
    if (this.playing) return;
    if (this.at_ms >= this.duration_ms) this.seek(0);
    this.#playing(true);
    this.since = { now: this.now(), at_ms: this.at_ms };
    if (this.#heard()) await this.sound.play().catch(() => this.#playing(false));
    this.frame = requestAnimationFrame(() => this.#tick());
  }

  pause() {
    this.sound?.pause();
    cancelAnimationFrame(this.frame);
    if (this.playing) this.#playing(false);
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  seek(at_ms) {
    this.at_ms = Math.max(0, Math.min(at_ms, this.duration_ms));
    this.since = { now: this.now(), at_ms: this.at_ms };
    if (this.sound) this.sound.currentTime = this.at_ms / 1000;
    this.onTime(this.at_ms);
  }

  setSpeed(speed) {
    this.since = { now: this.now(), at_ms: this.at_ms };
    this.speed = speed;
    if (this.sound) this.sound.playbackRate = speed;
  }

  /** After-call work goes on when the sound is over. */
  #heard() {
    return this.sound && this.at_ms / 1000 < (this.sound.duration || 0);
  }

  #tick() {
    if (!this.playing) return;
    const sounding = this.sound && !this.sound.ended && !this.sound.paused;
    const own = this.since.at_ms + (this.now() - this.since.now) * this.speed;
    this.at_ms = Math.min(this.duration_ms, sounding ? this.sound.currentTime * 1000 : own);
    if (sounding) this.since = { now: this.now(), at_ms: this.at_ms };
    this.onTime(this.at_ms);
    if (this.at_ms >= this.duration_ms) this.pause();
    else this.frame = requestAnimationFrame(() => this.#tick());
  }

  #playing(on) {
    this.playing = on;
    this.onPlaying(on);
  }
}
