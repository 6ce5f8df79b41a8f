// The queue: one line a call, by deadline; arrows move, Enter opens.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { span } from '../spans.js';

export class QueueList extends LitElement {
  static properties = { items: { attribute: false }, open: {}, now: { type: Number }, t: { attribute: false }, at: { state: true } };

  static styles = [base, css`
    li + li { border-top: 1px solid var(--line); }
    a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 2px var(--s-3); padding: 9px var(--s-4); color: inherit; text-decoration: none; }
    a:hover { background: var(--inset); }
    a:focus-visible { outline-offset: -2px; }
    a[aria-current='true'] { background: var(--accent-soft); }
    .need { font-weight: var(--w-medium); }
    .due { text-align: end; font-size: var(--t-sm); white-space: nowrap; }
    .over { color: var(--bad-ink); font-weight: var(--w-strong); display: inline-flex; gap: 4px; align-items: center; }
    .sub { grid-column: 1 / -1; font-size: var(--t-xs); color: var(--ink-2); display: flex; gap: 4px var(--s-2); align-items: center; flex-wrap: wrap; }
    .tag.bad { background: var(--bad-soft); color: var(--bad-ink); }
    .who { margin-inline-start: auto; }
  `];

  #key(event) {
    const links = [...this.renderRoot.querySelectorAll('a')];
    const step = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    links[Math.min(links.length - 1, Math.max(0, links.indexOf(this.renderRoot.activeElement) + step))]?.focus();
  }

  #choose(event, call) {
    if (event.metaKey || event.ctrlKey) return;
    event.preventDefault();
    this.dispatchEvent(new CustomEvent('open-item', { detail: call, bubbles: true, composed: true }));
  }

  render() {
    const { t } = this;
    return html`<ul role="list" aria-label=${t('list')} @keydown=${this.#key}>${repeat(this.items, (item) => item.call, (item) => this.#item(item))}</ul>`;
  }

  #item(item) {
    const { t, now } = this;
    const late = now - Date.parse(item.due_at);
    const resolved = item.state === 'resolved';
    const level = { urgent: 'bad', high: 'warn' }[item.priority] ?? '';
    return html`<li><a href=${linkTo(`/backstop?call=${encodeURIComponent(item.call)}`)} aria-current=${item.call === this.open ? 'true' : nothing} @click=${(event) => this.#choose(event, item.call)}>
      <span class="need clip">${item.need || t('no.need')}</span>
      <span class="due num">${resolved ? nothing : late > 0 ? html`<span class="over">${icon('circle-alert', 13)}${t('due.over', { time: span(late, t) })}</span>` : t('due.in', { time: span(-late, t) })}</span>
      <span class="sub"><span class="tag ${level}">${t(`priority.${item.priority}`)}</span>${item.reasons.map((reason) => html`<span>${t(`reason.${reason}`)}</span>`)}
        <span class="who">${t(`state.${item.state}`, { by: item.by })}${resolved ? nothing : html` · ${t('age', { time: span(now - Date.parse(item.raised_at), t) })}`}</span></span></a></li>`;
  }
}

customElements.define('queue-list', QueueList);
