// Sound of up to two sources -> 16-bit frames of 40 ms, sources interleaved, and how loud each was.
// Runs in the audio thread; the sample rate is the context's.

const FRAME_MS = 40;

class Frames extends AudioWorkletProcessor {
  constructor({ processorOptions: { sources } }) {
    super();
    this.sources = sources;
    this.length = Math.round((sampleRate * FRAME_MS) / 1000);
    this.begin();
  }

  begin() {
    this.frame = new Int16Array(this.length * this.sources);
    this.peaks = new Array(this.sources).fill(0);
    this.at = 0;
  }

  process(inputs) {
    const quantum = inputs.find((input) => input.length)?.[0].length ?? 128;
    for (let sample = 0; sample < quantum; sample += 1) {
      for (let source = 0; source < this.sources; source += 1) {
        const channels = inputs[source] ?? [];
        let sum = 0;
        for (const channel of channels) sum += channel[sample];
        const value = channels.length ? Math.max(-1, Math.min(1, sum / channels.length)) : 0;
        this.frame[this.at * this.sources + source] = value * 32767;
        this.peaks[source] = Math.max(this.peaks[source], Math.abs(value));
      }
      this.at += 1;
      if (this.at === this.length) {
        this.port.postMessage({ frame: this.frame.buffer, peaks: this.peaks }, [this.frame.buffer]);
        this.begin();
      }
    }
    return true;
  }
}

registerProcessor('frames', Frames);
