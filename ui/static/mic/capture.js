// The microphone, and what a tab plays if it is shared, as frames of 16-bit sound.

const RATE_HZ = 16000;

/** What went wrong, as the page names it: a key of its texts. */
export class CaptureError extends Error {
  constructor(key) {
    super(key);
    this.key = key;
  }
}

const NAMES = {
  NotAllowedError: 'denied',
  NotFoundError: 'missing',
  OverconstrainedError: 'missing',
  NotReadableError: 'busy',
  AbortError: 'busy',
  SecurityError: 'denied',
};

/** Microphones by name; names are there once the browser has been allowed to listen. */
export async function microphones() {
  const devices = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return devices.filter((device) => device.kind === 'audioinput');
}

export class Capture {
  /** `onFrame(buffer, peaks)` for each frame, `onEnd(key)` when a source is gone. */
  constructor({ onFrame, onEnd }) {
    this.onFrame = onFrame;
    this.onEnd = onEnd;
    this.streams = [];
    this.rateHz = RATE_HZ;
  }

  /** Ask for the microphone and, if wanted, for a tab; throws a CaptureError. */
  async open({ device, tab }) {
    if (!navigator.mediaDevices?.getUserMedia) throw new CaptureError('insecure');
    try {
      // The tab first: browsers show its chooser only right after a click.
      if (tab) this.streams.push(await this.#tab());
      const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
      if (device) wanted.deviceId = { exact: device };
      this.streams.unshift(await navigator.mediaDevices.getUserMedia({ audio: wanted }));
      await this.#connect();
    } catch (error) {
      await this.close();
      if (error instanceof CaptureError) throw error;
      throw new CaptureError(NAMES[error.name] ?? 'failed');
    }
  }

  async close() {
    for (const stream of this.streams) for (const track of stream.getTracks()) track.stop();
    this.streams = [];
    const context = this.context;
    this.context = null;
    if (context && context.state !== 'closed') await context.close();
  }

  async #tab() {
    if (!navigator.mediaDevices.getDisplayMedia) throw new CaptureError('no_tabs');
    let stream;
    try {
      stream = await navigator.mediaDevices.getDisplayMedia({ audio: true, video: true });
    } catch (error) {
      throw new CaptureError(error.name === 'NotAllowedError' ? 'tab_denied' : 'failed');
    }
    if (stream.getAudioTracks().length) return stream;
    for (const track of stream.getTracks()) track.stop();
    throw new CaptureError('tab_silent');
  }

  async #connect() {
    try {
      this.context = new AudioContext({ sampleRate: RATE_HZ });
    } catch {
      this.context = new AudioContext();
    }
    this.rateHz = this.context.sampleRate;
    await this.context.audioWorklet.addModule(new URL('worklet.js', import.meta.url));
    await this.context.resume();
    const sources = this.streams.length;
    const frames = new AudioWorkletNode(this.context, 'frames', {
      numberOfInputs: sources,
      numberOfOutputs: 0,
      processorOptions: { sources },
    });
    frames.port.onmessage = ({ data }) => this.onFrame(data.frame, data.peaks);
    this.streams.forEach((stream, number) => {
      this.context.createMediaStreamSource(stream).connect(frames, 0, number);
      stream.getAudioTracks()[0].onended = () => this.onEnd(number ? 'tab_gone' : 'unplugged');
    });
  }
}
