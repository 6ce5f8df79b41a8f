// The guide as a picture: a click on a step goes to its line, the step of the cursor is lit.

import { LitElement, html, svg, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { BOX, arrow, layout } from './graph-layout.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

const FITS = 17; // Latin letters in a box; a Chinese character counts twice

function clipped(text, fits = FITS) {
  let room = fits;
  let out = '';
  for (const char of text) {
    room -= /[ -⻿]/.test(char) && char.charCodeAt(0) < 0x2e80 ? 1 : 2;
    if (room < 0) return `${out}…`;
    out += char;
  }
  return out;
}

class GuideGraph extends LitElement {
  static properties = { steps: { attribute: false }, edges: { attribute: false }, problems: { attribute: false }, line: { type: Number } };

  static styles = [base, studioStyles, css`
    :host { overflow: auto; background: var(--surface); }
    svg { display: block; margin: 0 auto; }
    rect { fill: var(--inset); stroke: var(--field-line); stroke-width: 1; }
    .end rect { fill: var(--ok-soft); } .ticket rect, .handoff rect { fill: var(--warn-soft); } .diagnose rect { fill: var(--accent-soft); }
    .bad rect { stroke: var(--bad); stroke-width: 2; }
    .here rect { stroke: var(--accent); stroke-width: 2.5; }
    text { fill: var(--ink); font: 500 12px var(--font); text-anchor: middle; }
    text.kind { fill: var(--ink-2); font: 11px var(--font); }
    text.why { fill: var(--ink-2); font: 11px var(--font); paint-order: stroke; stroke: var(--surface); stroke-width: 4px; }
    path { fill: none; stroke: var(--ink-3); stroke-width: 1.2; }
    path.back { stroke-dasharray: 4 3; }
    path.lit { stroke: var(--accent); stroke-width: 2; }
    marker path { fill: var(--ink-3); stroke: none; }
    g[role=button] { cursor: pointer; }
    g[role=button]:focus-visible { outline: none; }
    g[role=button]:focus-visible rect { stroke: var(--focus); stroke-width: 3; }
  `];

  constructor() {
    super();
    new Words(this);
    this.steps = [];
    this.edges = [];
    this.problems = [];
  }

  willUpdate(changed) {
    if (changed.has('steps') || changed.has('edges')) this.made = layout(this.steps, this.edges);
  }

  updated(changed) {
    if (changed.has('line') || changed.has('steps')) this.renderRoot.querySelector('.here')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  get #here() {
    return this.steps.find(({ line, end }) => line <= this.line && this.line <= end)?.id ?? '';
  }

  render() {
    const { t, made } = this;
    if (!made.nodes.length) return html`<div class="none"><strong>${t('graph.none')}</strong>${t('graph.none.text')}</div>`;
    const at = new Map(made.nodes.map((node) => [node.id, node]));
    const here = this.#here;
    return html`<svg width=${made.width + 30} height=${made.height} viewBox=${`0 0 ${made.width + 30} ${made.height}`} role="group" aria-label=${t('graph.title')}>
      <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z"></path></marker></defs>
      ${made.edges.map((edge) => svg`<path class="${edge.back ? 'back' : ''} ${edge.from === here ? 'lit' : ''}" marker-end="url(#tip)" d=${arrow(at.get(edge.from), at.get(edge.to), edge.back)}></path>`)}
      ${made.nodes.map((node) => this.#node(node, here))}
      ${made.edges.filter((edge) => edge.from === here && edge.why).map((edge, i) => this.#why(at.get(edge.from), at.get(edge.to), edge, i))}
    </svg>`;
  }

  #node(node, here) {
    const { t } = this;
    const bad = this.problems.some((each) => each.level === 'error' && each.line >= node.line && each.line <= node.end);
    const go = () => this.dispatchEvent(new CustomEvent('studio-go', { detail: { line: node.line, column: 5 }, bubbles: true, composed: true }));
    const press = (event) => (event.key === 'Enter' || event.key === ' ') && (event.preventDefault(), go());
    const kind = `${t(`kind.${node.kind}`)}${node.outcome ? ` · ${t(`outcome.${node.outcome}`)}` : ''}`;
    return svg`<g class="${node.kind} ${node.id === here ? 'here' : ''} ${bad ? 'bad' : ''}" role="button" tabindex="0" aria-current=${node.id === here ? 'step' : nothing} aria-label=${`${node.title} (${node.id}), ${kind}`} @click=${go} @keydown=${press}>
      <title>${node.title} · ${node.id}${node.named ? ` · ${node.named}` : ''}</title>
      <rect x=${node.x} y=${node.y} width=${BOX.width} height=${BOX.height} rx=${node.kind === 'end' ? 20 : 8}></rect>
      <text x=${node.x + BOX.width / 2} y=${node.y + 19}>${clipped(node.title)}</text>
      <text class="kind" x=${node.x + BOX.width / 2} y=${node.y + 35}>${kind}</text></g>`;
  }

  #why(from, to, edge, i) {
    const x = (from.x + to.x) / 2 + BOX.width / 2;
    const y = edge.back ? (from.y + to.y) / 2 : Math.min(to.y - 8, from.y + BOX.height + 14 + 13 * (i % 2));
    return svg`<text class="why" x=${x} y=${y}>${clipped(edge.why, 26)}</text>`;
  }
}

customElements.define('guide-graph', GuideGraph);
