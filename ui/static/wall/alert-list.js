// Alerts that stand: what is the matter, where to look, and who has taken it.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { post, told } from '../ask.js';
import { linkTo } from '../server.js';

export class AlertList extends LitElement {
  static properties = { alerts: { attribute: false }, t: { attribute: false }, all: { state: true }, refusal: { state: true } };

  static styles = [base, css`
    ul { display: grid; gap: 4px; }
    li { display: grid; grid-template-columns: auto auto minmax(0, 1fr) auto auto; gap: var(--s-2); align-items: center; padding: 4px var(--s-2) 4px var(--s-3); min-height: 38px;
      border: 1px solid var(--warn-line); background: var(--warn-soft); border-radius: var(--r-2); font-size: var(--t-sm); }
    li > .icon { color: var(--warn); }
    li.urgent { background: var(--bad-soft); border-color: var(--bad-line); }
    li.urgent > .icon { color: var(--bad); }
    li.acked { background: var(--surface); border-color: var(--line); color: var(--ink-2); }
    .level { font-weight: var(--w-strong); font-size: var(--t-xs); }
    .what { overflow-wrap: anywhere; }
    time, .by { font-size: var(--t-xs); color: var(--ink-2); white-space: nowrap; }
    a { color: var(--accent-ink); text-underline-offset: 3px; }
    li button { min-height: 28px; font-size: var(--t-xs); }
    .foot { margin-top: 4px; font-size: var(--t-xs); }
    .refused { color: var(--bad-ink); font-size: var(--t-sm); margin-top: 4px; }
    @media (max-width: 820px) { li { grid-template-columns: auto minmax(0, 1fr) auto; } .level, time { display: none; } }
  `];

  constructor() {
    super();
    this.alerts = [];
    this.all = false;
    this.refusal = '';
  }

  async #take(alert) {
    this.refusal = '';
    try {
      const { alert: taken } = await post(`/api/alerts/${alert.id}/acknowledge`);
      this.alerts = this.alerts.map((each) => (each.id === taken.id ? taken : each));
    } catch (error) {
      this.refusal = told(error, this.t, `refused.${error.code}`);
    }
  }

  render() {
    const { t } = this;
    const open = this.alerts.filter((alert) => !alert.acked_by);
    const acked = this.alerts.filter((alert) => alert.acked_by);
    if (!this.alerts.length) return nothing;
    return html`<section aria-label=${t('alerts')}>
      <ul role="list" aria-live="polite">${repeat([...open, ...(this.all ? acked : [])], (alert) => alert.id, (alert) => this.#alert(alert))}</ul>
      ${acked.length ? html`<p class="foot"><button class="link" @click=${() => (this.all = !this.all)}>${this.all ? t('alerts.less') : t('alerts.more', { n: acked.length })}</button></p>` : nothing}
      ${this.refusal ? html`<p class="refused" role="alert">${this.refusal}</p>` : nothing}</section>`;
  }

  #alert(alert) {
    const { t } = this;
    const since = new Date(alert.raised_at).toLocaleTimeString(t.tag, { hour: '2-digit', minute: '2-digit' });
    return html`<li class="${alert.level} ${alert.acked_by ? 'acked' : ''}">${icon('circle-alert', 15)}
      <span class="level">${t(`level.${alert.level}`)}</span>
      <span class="what">${t(`alert.${alert.kind}`, alert.values)} <a href=${linkTo(alert.link)}>${t('alert.look')}</a></span>
      <time class="num" datetime=${alert.raised_at}>${since}</time>
      ${alert.acked_by ? html`<span class="by">${t('alert.acked', { by: alert.acked_by })}</span>`
        : html`<button class="plain" @click=${() => this.#take(alert)}>${t('alert.ack')}</button>`}</li>`;
  }
}

customElements.define('alert-list', AlertList);
