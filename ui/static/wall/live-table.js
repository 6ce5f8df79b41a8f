// The live calls as a grid that hundreds of them do not flood: only the rows in sight are drawn, and
// while somebody's pointer or focus is in it the order is kept.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base, clock, icon, phone } from '../design/base.js';
import { markStyles, marks } from './marks.js';
import { inOrder } from './wall-feed.js';

const ROW_PX = 52;
const SPARE_ROWS = 6;

export class LiveTable extends LitElement {
  static properties = { rows: { attribute: false }, now: { type: Number }, open: {}, t: { attribute: false }, from: { state: true }, held: { state: true }, at: { state: true } };

  static styles = [base, markStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; }
    .grid { display: flex; flex-direction: column; min-height: 0; flex: 1; }
    .row { display: grid; grid-template-columns: minmax(150px, 1.3fr) minmax(90px, 0.7fr) minmax(130px, 1fr) minmax(170px, 2fr) 76px 76px; gap: 0 var(--s-3); align-items: center; padding: 0 var(--s-4); }
    .head { min-height: 34px; overflow-y: hidden; scrollbar-gutter: stable; font-size: var(--t-xs); color: var(--ink-2); border-bottom: 1px solid var(--line); font-weight: var(--w-medium); }
    .scroll { overflow-y: auto; flex: 1; min-height: 0; scrollbar-gutter: stable; position: relative; }
    .space { position: relative; }
    .body { position: absolute; inset-inline: 0; }
    .call { height: 52px; border-bottom: 1px solid var(--line); cursor: pointer; }
    .call:hover { background: var(--inset); }
    .call[aria-selected='true'] { background: var(--accent-soft); }
    .call:focus-visible { outline-offset: -2px; }
    .two { display: grid; min-width: 0; line-height: var(--lh-tight); }
    .sub { font-size: var(--t-xs); color: var(--ink-2); }
    .time { text-align: end; }
    .head .time { text-align: end; }
    .long { color: var(--warn-ink); font-weight: var(--w-strong); }
    .who { display: flex; align-items: center; gap: 6px; min-width: 0; }
    .after { opacity: 0.85; }
    .held { padding: 3px var(--s-4); font-size: var(--t-xs); color: var(--ink-2); border-top: 1px solid var(--line); min-height: 25px; }
    @media (max-width: 820px) {
      .row { grid-template-columns: minmax(0, 1fr) minmax(0, 1.4fr) 64px; padding: 0 var(--s-3); }
      .wide { display: none; }
    }
  `];

  constructor() {
    super();
    this.rows = new Map();
    this.from = 0;
    this.held = false;
    this.order = [];
    this.at = '';
  }

  willUpdate(changed) {
    if (!changed.has('rows')) return;
    const rows = [...this.rows.values()];
    if (!this.held) this.order = inOrder(rows).map((row) => row.call);
    else {
      const known = new Set(this.order);
      this.order = [...this.order.filter((call) => this.rows.has(call)), ...inOrder(rows).map((row) => row.call).filter((call) => !known.has(call))];
    }
    if (!this.rows.has(this.at)) this.at = this.order[0] ?? '';
  }

  #hold(held) {
    if (this.held === held) return;
    this.held = held;
    if (!held) {
      this.order = inOrder([...this.rows.values()]).map((row) => row.call);
      this.requestUpdate();
    }
  }

  get #scroll() {
    return this.renderRoot.querySelector('.scroll');
  }

  #choose(call) {
    this.at = call;
    this.dispatchEvent(new CustomEvent('open-call', { detail: call, bubbles: true, composed: true }));
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity }[event.key];
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      this.#choose(this.at);
    } else if (step !== undefined) {
      event.preventDefault();
      const to = Math.min(this.order.length - 1, Math.max(0, this.order.indexOf(this.at) + step));
      this.#goTo(to);
    }
  }

  async #goTo(index) {
    this.at = this.order[index];
    const { scrollTop, clientHeight } = this.#scroll;
    const top = index * ROW_PX;
    if (top < scrollTop) this.#scroll.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) this.#scroll.scrollTop = top + ROW_PX - clientHeight;
    this.from = this.#first();
    await this.updateComplete;
    this.renderRoot.querySelector(`[data-call="${CSS.escape(this.at)}"]`)?.focus({ preventScroll: true });
  }

  #first() {
    return Math.max(0, Math.floor(this.#scroll.scrollTop / ROW_PX) - SPARE_ROWS);
  }

  render() {
    const { t, order } = this;
    const inSight = Math.ceil((this.#scroll?.clientHeight ?? 900) / ROW_PX) + 2 * SPARE_ROWS;
    const shown = order.slice(this.from, this.from + inSight);
    return html`<div class="grid" role="grid" aria-label=${t('grid')} aria-rowcount=${order.length + 1}
        @pointerenter=${() => this.#hold(true)} @pointerleave=${() => this.#hold(false)}>
      <div class="row head" role="row" aria-rowindex="1">
        <span role="columnheader">${t('col.marks')}</span><span role="columnheader" class="wide">${t('col.agent')}</span>
        <span role="columnheader" class="wide">${t('col.customer')}</span><span role="columnheader">${t('col.guide')}</span>
        <span role="columnheader" class="time">${t('col.step')}</span><span role="columnheader" class="time wide">${t('col.call')}</span></div>
      <div class="scroll" role="rowgroup" @scroll=${() => (this.from = this.#first())} @keydown=${(event) => this.#key(event)}
          @focusin=${() => this.#hold(true)} @focusout=${() => this.#hold(this.matches(':hover'))}>
        <div class="space" role="presentation" .style=${`height: ${order.length * ROW_PX}px`}>
          <div class="body" role="presentation" .style=${`top: ${this.from * ROW_PX}px`}>
            ${repeat(shown, (call) => call, (call, i) => this.#row(this.rows.get(call), this.from + i + 2))}</div></div></div>
      </div><p class="held" aria-hidden="true">${this.held && order.length > 1 ? t('held') : nothing}</p>`;
  }

  #row(row, index) {
    const { t } = this;
    const stuck = row.marks.includes('stuck');
    const ended = row.status === 'after_call';
    return html`<div class="row call ${ended ? 'after' : ''}" role="row" aria-rowindex=${index} data-call=${row.call}
        tabindex=${row.call === this.at ? 0 : -1} aria-selected=${row.call === this.open ? 'true' : 'false'}
        aria-label=${this.#spoken(row)} @click=${() => this.#choose(row.call)} @focus=${() => (this.at = row.call)}>
      <span role="gridcell">${marks(row, t)}</span>
      <span role="gridcell" class="wide who"><span class="clip" title=${row.agent}>${row.name}</span>${row.unseen ? html`<span class="tag" title=${t('unseen')}>${icon('message-circle', 12)}${row.unseen}</span>` : nothing}</span>
      <span role="gridcell" class="wide two"><span class="clip">${row.customer || t('unknown')}</span><span class="sub num clip">${phone(row.number)}</span></span>
      <span role="gridcell" class="two"><span class="clip">${row.title || t('no.guide')}</span><span class="sub clip">${ended ? t('status.after_call') : row.step_title}</span></span>
      <span role="gridcell" class="time num ${stuck ? 'long' : ''}" title=${row.step ? t('step.usual', { time: clock(row.stuck_after_s * 1000) }) : nothing}>${row.step_since && !ended ? this.#since(row.step_since) : '–'}</span>
      <span role="gridcell" class="time num wide">${this.#since(row.started_at)}</span></div>`;
  }

  #spoken(row) {
    const { t } = this;
    const said = row.marks.map((mark) => t(`mark.${mark}`));
    return [t('open.call', { agent: row.name }), row.customer, row.title, row.step_title, ...said].filter(Boolean).join(', ');
  }

  #since(moment) {
    return clock(Math.max(0, this.now - Date.parse(moment)));
  }
}

customElements.define('live-table', LiveTable);
