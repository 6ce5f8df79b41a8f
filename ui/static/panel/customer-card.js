// Who is calling: one quiet line pair, the rest on demand. Unknown fields are left out, never guessed.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, phone } from '../design/base.js';
import { act } from './act.js';

const DETAILS = ['address', 'company', 'broadband_account', 'circuit_id', 'power_account'];
const TAGS_SHOWN = 2;
const STANDS_OUT = /_(outage|alarm)$|^(arrears|mobile_arrears|roaming_now|bill_above_usual|data_used_up|repeat_caller)$/;

export class CustomerCard extends LitElement {
  static properties = {
    customer: { attribute: false },
    asked: {}, // a number is being looked up
    unknown: {}, // a number nobody has
    number: {},
    calls: { attribute: false }, // the customer's latest calls
    readonly: { type: Boolean },
    t: { attribute: false },
    open: { state: true },
  };

  static styles = [base, css`
    .head { display: grid; grid-template-columns: 1fr auto; align-items: start; gap: 0 var(--s-2); }
    .line { display: flex; align-items: baseline; gap: var(--s-2); min-width: 0; }
    .name { font-size: var(--t-lg); font-weight: var(--w-strong); white-space: nowrap; }
    .phone { color: var(--ink-2); font-size: var(--t-sm); white-space: nowrap; }
    .sub { color: var(--ink-2); font-size: var(--t-sm); margin-top: 1px; }
    .tags { display: flex; flex-wrap: wrap; gap: var(--s-1); margin-top: 6px; }
    dl { display: grid; grid-template-columns: auto 1fr; gap: 3px var(--s-3); margin-top: var(--s-3);
      padding-top: var(--s-3); border-top: 1px solid var(--line); font-size: var(--t-sm); }
    dt { color: var(--ink-3); }
    dd { overflow-wrap: anywhere; }
    .ticket + .ticket { margin-top: 4px; }
    .ticket small { color: var(--ink-3); font-size: var(--t-xs); display: block; }
    .turn { transition: transform var(--calm); }
    .turn.open { transform: rotate(180deg); }
    form { display: grid; grid-template-columns: 1fr auto; gap: 6px; margin-top: var(--s-2); }
    form :is(input, button) { min-height: 30px; font-size: var(--t-sm); }
    .bones { display: grid; gap: 8px; }
    .bone { height: 11px; border-radius: 5px; background: var(--hover); animation: breathe 1.8s infinite; }
    .bone:first-child { width: 42%; }
    .bone:last-child { width: 68%; }
    @keyframes breathe { 50% { opacity: 0.45; } }
  `];

  constructor() {
    super();
    this.open = false;
    this.calls = [];
  }

  render() {
    const { t, customer } = this;
    if (!customer) return this.unknown || !this.asked ? this.#nobody() : this.#looking();
    const tickets = customer.open_tickets ?? [];
    // What stands out today comes before what the customer merely has.
    const sorted = [...customer.tags].sort((a, b) => STANDS_OUT.test(b) - STANDS_OUT.test(a));
    const tags = this.open ? sorted : sorted.slice(0, TAGS_SHOWN);
    const hidden = customer.tags.length - tags.length;
    return html`<section aria-label=${t('customer')}>
      <div class="head">
        <div>
          <div class="line">
            <span class="name">${customer.name}</span>
            ${customer.title && this.t.lang === 'zh' ? html`<span class="sub">${customer.title}</span>` : nothing}
            <span class="phone num">${phone(customer.phone || this.number)}</span>
          </div>
          <p class="sub clip">${[customer.level, customer.plan].filter(Boolean).join(' · ') || customer.city}</p>
        </div>
        <button class="icon-button" aria-expanded=${this.open}
          aria-label=${t(this.open ? 'customer.less' : 'customer.more')}
          title=${t(this.open ? 'customer.less' : 'customer.more')}
          @click=${() => (this.open = !this.open)}>
          <span class="turn ${this.open ? 'open' : ''}">${icon('chevron-down')}</span>
        </button>
      </div>
      ${tags.length || tickets.length
        ? html`<div class="tags">
            ${tickets.length
              ? html`<span class="tag warn">${icon('ticket', 12)}${t('customer.tickets.n', { n: tickets.length })}</span>`
              : nothing}
            ${tags.map((tag) => html`<span class="tag ${STANDS_OUT.test(tag) ? 'warn' : ''}"><span class="clip">${t.or(`tag.${tag}`, tag)}</span></span>`)}
            ${hidden ? html`<span class="tag num">+${hidden}</span>` : nothing}
          </div>`
        : nothing}
      ${this.open ? this.#details(customer, tickets) : nothing}
    </section>`;
  }

  #details(customer, tickets) {
    const { t } = this;
    return html`<dl>
      ${DETAILS.filter((name) => customer[name]).map(
        (name) => html`<dt>${t(`customer.${name}`)}</dt><dd class="num">${customer[name]}</dd>`,
      )}
      ${tickets.length
        ? html`<dt>${t('customer.tickets')}</dt>
            <dd>${tickets.map(
              (ticket) => html`<div class="ticket">${ticket.title} · ${ticket.status}
                <small class="num">${ticket.number}${ticket.opened_on ? ` · ${ticket.opened_on}` : ''}</small>
              </div>`,
            )}</dd>`
        : nothing}
      ${this.calls.length
        ? html`<dt>${t('customer.calls')}</dt><dd>${this.calls.map((call) => this.#call(call))}</dd>`
        : nothing}
    </dl>`;
  }

  /** Date and guide, then how it ended. */
  #call(call) {
    const { t } = this;
    const ended = [call.outcome && t(`outcome.${call.outcome}`), call.disposition, call.ticket];
    return html`<div class="ticket">${call.started_at.slice(0, 10)} · ${call.title || t('customer.calls.none')}
      <small class="num">${ended.filter(Boolean).join(' · ')}</small>
    </div>`;
  }

  #nobody() {
    const { t } = this;
    return html`<section aria-label=${t('customer')}>
      <p class="name">${t(this.unknown ? 'customer.unknown' : 'customer.nobody')}</p>
      <p class="sub">${this.unknown ? t('customer.unknown.text', { number: phone(this.unknown) }) : t('customer.nobody.text')}</p>
      ${this.readonly ? nothing : html`<form @submit=${this.#seek}>
        <input name="number" autocomplete="off" inputmode="tel" maxlength="64" placeholder=${t('customer.seek.hint')} aria-label=${t('customer.seek.hint')}>
        <button class="plain">${t('customer.seek')}</button></form>`}
    </section>`;
  }

  #seek(event) {
    event.preventDefault();
    const number = new FormData(event.target).get('number').trim();
    if (number) act(this, 'seek_customer', { number });
  }

  #looking() {
    return html`<section aria-label=${this.t('customer')} aria-busy="true">
      <div class="bones"><div class="bone"></div><div class="bone"></div></div>
      <span class="sr">${this.t('customer.looking')}</span>
    </section>`;
  }
}

customElements.define('customer-card', CustomerCard);
