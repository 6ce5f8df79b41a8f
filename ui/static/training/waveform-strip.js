// <waveform-strip>: both sides of a call over time, its marks, and the place where one is. The range
// over the drawing is what keyboards and screen readers use.

import { LitElement, html, css } from '../vendor/lit.js';
import { base, clock } from '../design/base.js';

const COLOURS = { customer: '--customer', agent: '--accent', mixed: '--accent' };
const MARKS = { trouble: '--bad', prohibited: '--bad', opened: '--accent', ticket: '--ok', offer: '--warn' };
const FADED = 0.38;

export class WaveformStrip extends LitElement {
  static properties = {
    duration_ms: { type: Number }, at_ms: { type: Number }, peaks: { attribute: false },
    talk: { attribute: false }, marks: { attribute: false }, label: {},
  };

  static styles = [base, css`
    :host { position: relative; height: 84px; }
    canvas { position: absolute; inset: 0; width: 100%; height: 100%; display: block; border-radius: var(--r-1); background: var(--inset); }
    input { position: absolute; inset: 0; width: 100%; height: 100%; min-height: 0; margin: 0; padding: 0; border: 0; background: none; opacity: 0; cursor: pointer; }
    :host(:focus-within) canvas { outline: 2px solid var(--focus); outline-offset: 2px; }
  `];

  constructor() {
    super();
    this.duration_ms = 0;
    this.at_ms = 0;
    this.marks = [];
    this.talk = [];
    this.watching = new ResizeObserver(() => this.#draw());
    this.scheme = matchMedia('(prefers-color-scheme: dark)');
    this.redraw = () => this.#draw();
  }

  connectedCallback() {
    super.connectedCallback();
    this.watching.observe(this);
    this.scheme.addEventListener('change', this.redraw);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.watching.disconnect();
    this.scheme.removeEventListener('change', this.redraw);
  }

  render() {
    return html`<canvas aria-hidden="true"></canvas>
      <input type="range" min="0" max=${this.duration_ms} step="100" .value=${String(Math.round(this.at_ms))}
        aria-label=${this.label} aria-valuetext="${clock(this.at_ms)} / ${clock(this.duration_ms)}"
        @input=${(event) => this.dispatchEvent(new CustomEvent('scrub', { detail: Number(event.target.value) }))}>`;
  }

  updated() {
    this.#draw();
  }

  #draw() {
    const canvas = this.renderRoot?.querySelector('canvas');
    const { clientWidth: width, clientHeight: height } = this;
    if (!canvas || !width || !this.duration_ms) return;
    const scale = devicePixelRatio || 1;
    canvas.width = width * scale;
    canvas.height = height * scale;
    const pen = canvas.getContext('2d');
    pen.scale(scale, scale);
    const style = getComputedStyle(this);
    const colour = (name) => style.getPropertyValue(name).trim();
    const x = (ms) => (ms / this.duration_ms) * width;
    const lanes = { customer: [14, (height - 18) / 2], agent: [14 + (height - 18) / 2, (height - 18) / 2], mixed: [14, height - 18] };
    for (const [speaker, [top, tall]] of Object.entries(lanes)) {
      pen.fillStyle = colour(COLOURS[speaker]);
      const peaks = this.peaks?.[speaker];
      if (peaks) this.#peaks(pen, peaks, top, tall, x);
      else if (!this.peaks) this.#talk(pen, speaker, top, tall, x);
    }
    pen.globalAlpha = 1;
    for (const mark of this.marks) {
      pen.fillStyle = colour(MARKS[mark.kind] ?? '--ink-3');
      pen.fillRect(x(mark.at_ms) - 1, 0, MARKS[mark.kind] ? 3 : 2, MARKS[mark.kind] ? 10 : 6);
    }
    pen.fillStyle = colour('--ink');
    pen.fillRect(x(this.at_ms) - 1, 0, 2, height);
  }

  #peaks(pen, peaks, top, tall, x) {
    const loudest = Math.max(1, ...peaks);
    const length_ms = this.sound_ms || this.duration_ms;
    peaks.forEach((peak, i) => {
      const at_ms = (i / peaks.length) * length_ms;
      const size = Math.max(1, (peak / loudest) * (tall - 3));
      pen.globalAlpha = at_ms <= this.at_ms ? 1 : FADED;
      pen.fillRect(x(at_ms), top + (tall - size) / 2, Math.max(0.6, x(length_ms / peaks.length) - 0.4), size);
    });
  }

  #talk(pen, speaker, top, tall, x) {
    for (const said of this.talk.filter((each) => each.speaker === speaker)) {
      pen.globalAlpha = said.start_ms <= this.at_ms ? 1 : FADED;
      pen.fillRect(x(said.start_ms), top + tall * 0.25, Math.max(2, x(said.end_ms - said.start_ms)), tall * 0.5);
    }
  }
}

customElements.define('waveform-strip', WaveformStrip);
