// A person's scores over time as a line; the words beside it say the same. Pure templates.

import { html, svg } from '../vendor/lit.js';

const BEST = 100;

/** `scores` are [[finished_at, total], …], oldest first. */
export function scoreLine(scores, { width, height, dots = false, label = '' }) {
  const edge = dots ? 6 : 2;
  const x = (i) => edge + (scores.length > 1 ? (i / (scores.length - 1)) * (width - 2 * edge) : (width - 2 * edge) / 2);
  const y = (total) => edge + (1 - total / BEST) * (height - 2 * edge);
  const points = scores.map(([, total], i) => `${x(i).toFixed(1)},${y(total).toFixed(1)}`).join(' ');
  const grid = dots ? [0, 50, BEST].map((at) => svg`<line class="grid" x1=${edge} x2=${width - edge} y1=${y(at)} y2=${y(at)}></line>`) : '';
  const marks = dots || scores.length === 1 ? scores.map(([, total], i) => svg`<circle cx=${x(i)} cy=${y(total)} r=${dots ? 3.5 : 2.5}></circle>`) : '';
  return html`<svg class="score-line" viewBox="0 0 ${width} ${height}" width=${width} height=${height} role=${label ? 'img' : 'presentation'} aria-label=${label} aria-hidden=${!label}>
    ${grid}<polyline points=${points}></polyline>${marks}</svg>`;
}
