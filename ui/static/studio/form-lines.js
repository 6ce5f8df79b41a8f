// Phrases, a line each: as one writes them, and as they come from a table. Alt-↑ and Alt-↓ move the
// line; what was written counts once the field is left.

import { LitElement, html, css } from '../vendor/lit.js';
import { base } from '../design/base.js';

const MOST_ROWS = 12;

class FormLines extends LitElement {
  static properties = { label: {}, hint: {}, lines: { attribute: false } };

  static styles = [base, css`
    label { display: block; font-size: var(--t-xs); color: var(--ink-2); }
    span { display: flex; gap: var(--s-2); justify-content: space-between; }
    .hint { color: var(--ink-3); }
    textarea { width: 100%; resize: vertical; font-size: var(--t-sm); line-height: 1.6; color: var(--ink); }
  `];

  constructor() {
    super();
    this.lines = [];
  }

  #keys = (event) => {
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!by || !event.altKey) return;
    event.preventDefault();
    const area = event.target;
    const lines = area.value.split('\n');
    const before = area.value.slice(0, area.selectionStart).split('\n');
    const at = before.length - 1;
    const to = at + by;
    if (to < 0 || to >= lines.length) return;
    lines.splice(to, 0, ...lines.splice(at, 1));
    area.value = lines.join('\n');
    const start = lines.slice(0, to).join('\n').length + (to ? 1 : 0) + before.at(-1).length;
    area.setSelectionRange(start, start);
  };

  #change = ({ target }) => {
    const lines = target.value.split('\n').map((line) => line.trim()).filter(Boolean);
    this.dispatchEvent(new CustomEvent('lines', { detail: [...new Set(lines)] }));
  };

  /** Moved lines do not count as typed to the browser, so leaving looks for itself. */
  #leave = (event) => event.target.value !== this.lines.join('\n') && this.#change(event);

  render() {
    const { lines = [] } = this;
    return html`<label><span>${this.label}<span class="hint">${this.hint}</span></span><textarea rows=${Math.min(MOST_ROWS, Math.max(2, lines.length + 1))} spellcheck="false" .value=${lines.join('\n')} @keydown=${this.#keys} @blur=${this.#leave}></textarea></label>`;
  }
}

customElements.define('form-lines', FormLines);
