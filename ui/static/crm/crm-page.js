// A made-up CRM page as a telecom might have it: a customer form, a service request, and the panel in a
// frame beside them. It speaks to the frame by messages only, as a page of another system would.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { chosenLanguage, translatorOf } from '../texts.js';
import { CRM_TEXTS } from './crm-texts.js';

const translator = translatorOf(CRM_TEXTS);
const LOG_SHOWN = 12;
const LONG = ['address', 'fault', 'note'];

/** The panel's fields -> ours. What has no field of its own here goes to the remarks. */
const FIELD_OF = {
  phone: 'contact', contact_phone: 'contact', account: 'account', address: 'address', fault: 'fault', request: 'fault', matter: 'fault',
  since: 'since', appointment: 'appointment', callback: 'appointment', customer_name: '',
};

export class CrmPage extends LitElement {
  static properties = { language: {}, customer: { state: true }, request: { state: true }, filled: { state: true }, log: { state: true } };

  static styles = [base, css`
    :host { display: grid; grid-template: auto minmax(0, 1fr) / minmax(0, 1fr) minmax(340px, 400px); height: 100dvh; }
    header { grid-column: 1 / -1; display: flex; align-items: baseline; gap: var(--s-4); padding: var(--s-2) var(--s-5); background: var(--surface); border-bottom: 1px solid var(--line); }
    h1 { font-size: var(--t-lg); }
    header p { font-size: var(--t-xs); color: var(--ink-3); }
    main { overflow-y: auto; padding: var(--s-5); display: grid; gap: var(--s-5); align-content: start; }
    section { padding: var(--s-4) var(--s-5); max-width: 820px; }
    h2 { font-size: var(--t-md); margin-bottom: var(--s-3); }
    form { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: var(--s-3) var(--s-4); }
    label { display: grid; gap: 3px; font-size: var(--t-xs); color: var(--ink-2); align-content: start; }
    label.wide { grid-column: 1 / -1; }
    label input, label textarea { font-size: var(--t-sm); color: var(--ink); }
    .row { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: center; }
    .filled { color: var(--ok-ink); font-size: var(--t-sm); display: flex; gap: 6px; align-items: center; }
    .log { font: var(--t-xs) / 1.7 var(--font-mono); color: var(--ink-2); overflow-wrap: anywhere; }
    details summary { cursor: pointer; font-size: var(--t-xs); color: var(--ink-2); }
    iframe { border: 0; border-inline-start: 1px solid var(--line); width: 100%; height: 100%; grid-row: 2; grid-column: 2; }
  `];

  constructor() {
    super();
    this.language = chosenLanguage();
    this.customer = { name: '', phone: '', id: '' };
    this.request = {};
    this.filled = false;
    this.log = [];
    this.onMessage = (event) => this.#take(event);
  }

  connectedCallback() {
    super.connectedCallback();
    addEventListener('message', this.onMessage);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    removeEventListener('message', this.onMessage);
  }

  updated() {
    const { t } = this;
    document.documentElement.lang = t.tag;
    document.title = t('crm.title');
  }

  get t() {
    return translator(this.language);
  }

  get #frame() {
    return this.renderRoot.querySelector('iframe');
  }

  #take({ source, origin, data }) {
    if (source !== this.#frame?.contentWindow || origin !== location.origin || data?.assist !== 1) return;
    this.log = [`← ${JSON.stringify(data)}`, ...this.log].slice(0, LOG_SHOWN);
    switch (data.type) {
      case 'call_started':
        this.customer = { name: '', phone: data.number, id: '' };
        this.request = {};
        this.filled = false;
        break;
      case 'customer_known':
        this.customer = { name: data.customer.name, phone: data.customer.phone, id: data.customer.id };
        break;
      case 'fill_form':
        this.#fill(data);
        break;
      case 'ticket_filed':
        this.request = { ...this.request, number: data.number };
        break;
      default:
    }
  }

  #fill({ title, fields }) {
    const request = { kind: title, number: this.request.number };
    const rest = [];
    for (const [name, { label, value }] of Object.entries(fields)) {
      const ours = FIELD_OF[name];
      if (ours) request[ours] = value;
      else if (ours === undefined && value) rest.push(`${label}: ${value}`);
    }
    this.request = { ...request, note: rest.join('\n') };
    this.filled = true;
  }

  #send(message) {
    this.#frame.contentWindow.postMessage({ assist: 1, ...message }, location.origin);
    this.log = [`→ ${JSON.stringify(message)}`, ...this.log].slice(0, LOG_SHOWN);
  }

  render() {
    const { t } = this;
    return html`<header><h1>${t('crm.title')}</h1><p>${t('crm.demo')}</p></header>
      <main>
        <section class="card"><h2>${t('crm.customer')}</h2>
          <form @submit=${(e) => e.preventDefault()}>
            ${['name', 'phone', 'id'].map((name) => this.#field('customer', name))}
            <div class="row">
              <button type="button" class="plain" @click=${() => this.#send({ type: 'know_customer', number: this.customer.phone })}>${t('crm.know')}</button>
              <button type="button" class="plain" @click=${() => this.#send({ type: 'focus_search' })}>${icon('search', 14)}${t('crm.find')}</button>
              <a class="link" href=${linkTo('/')} target="_blank" rel="noopener">${t('crm.play')}</a>
            </div>
          </form>
        </section>
        <section class="card"><h2>${t('crm.ticket')}</h2>
          <form @submit=${(e) => e.preventDefault()}>
            ${['kind', 'contact', 'account', 'address', 'fault', 'since', 'appointment', 'note', 'number'].map((name) => this.#field('request', name))}
            ${this.filled ? html`<p class="row filled" role="status">${icon('check', 15)}${t('crm.filled')}</p>` : nothing}
          </form>
        </section>
        <section class="card"><details><summary>${t('crm.log')}</summary>
          ${this.log.length ? html`<ol class="log">${this.log.map((line) => html`<li>${line}</li>`)}</ol>` : html`<p class="quiet">${t('crm.log.none')}</p>`}</details></section>
      </main>
      <iframe src=${linkTo('/embed')} title=${t('crm.frame')} allow="clipboard-write"></iframe>`;
  }

  #field(part, name) {
    const value = this[part][name] ?? '';
    const onInput = (event) => (this[part] = { ...this[part], [name]: event.target.value });
    const long = LONG.includes(name);
    return html`<label class=${long ? 'wide' : ''}>${this.t(`crm.${name}`)}
      ${long ? html`<textarea name=${name} rows="1" .value=${value} @input=${onInput}></textarea>` : html`<input name=${name} .value=${value} @input=${onInput}>`}</label>`;
  }
}

customElements.define('crm-page', CrmPage);
