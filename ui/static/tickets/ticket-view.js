// One ticket: how it stands, what was done with it, and the moves that are open now, each with its form.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { get, post, told } from '../ask.js';
import { linkTo } from '../server.js';
import { moment } from '../spans.js';
import { moveForm, moveOf, moveStyles } from './move-form.js';
import { due, dueStyles, priority } from './parts.js';

/** The buttons, each with the rows of the server's table that it stands for. */
const BUTTONS = [
  ['dispatch', ['dispatch']],
  ['append', ['append']],
  ['confirm', ['confirm']],
  ['suspend', ['suspend']],
  ['passed', ['review passed']],
  ['rejected', ['review rejected']],
  ['resume', ['resume']],
  ['close', ['close solved', 'close unsolved', 'close withdrawn', 'close duplicate']],
];

export class TicketView extends LitElement {
  static properties = { number: {}, choices: { attribute: false }, t: { attribute: false }, shown: { state: true }, doing: { state: true }, busy: { state: true }, refusal: { state: true }, failed: { state: true } };

  static styles = [base, dueStyles, moveStyles, css`
    .page { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: var(--s-4) var(--s-5); align-items: start; }
    .head { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-3); align-items: center; }
    h1 { font-size: var(--t-lg); }
    h2 { font-size: var(--t-sm); color: var(--ink-2); margin-bottom: var(--s-2); }
    .wide { grid-column: 1 / -1; }
    section { padding: var(--s-3) var(--s-4) var(--s-4); }
    dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 4px var(--s-4); font-size: var(--t-sm); }
    dt { color: var(--ink-2); }
    dd { overflow-wrap: anywhere; }
    dd a { color: var(--accent-ink); }
    .buttons { display: flex; flex-wrap: wrap; gap: var(--s-2); }
    ol { display: grid; gap: var(--s-2); font-size: var(--t-sm); }
    ol li { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 0 var(--s-3); }
    ol p { grid-column: 2; color: var(--ink-2); overflow-wrap: anywhere; }
    time { color: var(--ink-2); white-space: nowrap; }
    .refused { color: var(--bad-ink); font-size: var(--t-sm); margin-top: var(--s-2); }
    .none { padding: var(--s-7) var(--s-4); text-align: center; color: var(--ink-2); }
    @media (max-width: 820px) { .page { grid-template-columns: minmax(0, 1fr); } }
  `];

  willUpdate(changed) {
    if (changed.has('number')) this.#load();
  }

  async #load() {
    const { number } = this;
    Object.assign(this, { shown: null, doing: '', refusal: '', failed: '' });
    try {
      const shown = await get(`/api/tickets/${encodeURIComponent(number)}`);
      if (number === this.number) this.shown = shown;
    } catch (error) {
      if (number === this.number) this.failed = error.code === 'page.offline' ? 'failed' : 'missing';
    }
  }

  async #begin(name) {
    this.doing = this.doing === name ? '' : name;
    this.refusal = '';
    await this.updateComplete;
    this.renderRoot.querySelector('form :is(select, textarea, input)')?.focus();
  }

  async #submit(event) {
    event.preventDefault();
    this.busy = true;
    this.refusal = '';
    try {
      const move = moveOf(this.doing, new FormData(event.target));
      this.shown = await post(`/api/tickets/${encodeURIComponent(this.number)}/moves`, { move });
      this.doing = '';
    } catch (error) {
      this.refusal = told({ ...error, message: error.message, values: this.#inWords(error.values ?? {}) }, this.t, `refused.${error.code}`);
    }
    this.busy = false;
  }

  /** States, levels and moves in a refusal as the page calls them. */
  #inWords(values) {
    const { t } = this;
    const name = (word) => t.or(`level.${word}`, t.or(`do.${this.#button(word)}`, word));
    return {
      ...values,
      state: t.or(`state.${values.state}`, values.state),
      level: t.or(`level.${values.level}`, values.level),
      allowed: [...new Set((values.allowed ?? '').split(', ').map(name))].join(t.lang === 'zh' ? '、' : ', '),
    };
  }

  #button(row) {
    return BUTTONS.find(([, rows]) => rows.includes(row))?.[0];
  }

  render() {
    const { t, shown } = this;
    if (this.failed) return html`<p class="none">${t(this.failed === 'failed' ? 'failed' : 'missing')} <button class="plain" @click=${this.#load}>${t('again')}</button></p>`;
    if (!shown) return html`<p class="none">${t('loading')}</p>`;
    const { ticket } = shown;
    return html`<div class="page"><div class="head"><h1 class="num">${ticket.number}</h1><span>${ticket.title}</span><span class="tag">${t(`state.${ticket.state}`)}</span>${priority(ticket, t)}<span class="num">${due(ticket, Date.parse(shown.now), t)}</span></div>
      ${this.#moves()}${this.#facts()}${this.#fields()}${this.#history()}</div>`;
  }

  #moves() {
    const { t, shown } = this;
    const can = BUTTONS.filter(([, rows]) => rows.some((row) => shown.allowed.includes(row)));
    return html`<section class="card wide"><h2>${t('moves')}</h2>
      ${can.length ? html`<div class="buttons">${can.map(([name]) => html`<button class="plain" aria-expanded=${this.doing === name ? 'true' : 'false'} @click=${() => this.#begin(name)}>${t(`do.${name}`)}</button>`)}</div>` : html`<p class="quiet">${t('moves.none')}</p>`}
      ${this.doing ? html`<form @submit=${this.#submit} @keydown=${(event) => event.key === 'Escape' && (this.doing = '')}>${moveForm(this.doing, shown, this.choices.units, t)}
        <div class="row"><button class="primary" ?disabled=${this.busy}>${t('send')}</button><button type="button" class="plain" @click=${() => (this.doing = '')}>${t('cancel')}</button></div></form>` : nothing}
      ${this.refusal ? html`<p class="refused" role="alert">${this.refusal}</p>` : nothing}</section>`;
  }

  #facts() {
    const { t, shown: { ticket } } = this;
    const rows = [
      ['fact.type', this.choices.types[ticket.type] ?? ticket.type],
      ['col.where', `${t(`level.${ticket.level}`)} · ${ticket.unit || t('none')}`],
      ['fact.customer', ticket.customer || t('none')],
      ['col.filed', moment(ticket.filed_at, t)],
      ['col.due', moment(ticket.due_at, t)],
      ...(ticket.suspended_until ? [['fact.suspended', moment(ticket.suspended_until, t)], ['fact.why', ticket.suspended_why]] : []),
      ...(ticket.result ? [['fact.result', t(`result.${ticket.result}`)]] : []),
      ['fact.call', html`<a href=${linkTo(`/panel?call=${encodeURIComponent(ticket.call)}&readonly=1`)}>${t('fact.look')}</a>`],
    ];
    return html`<section class="card"><h2>${t('facts')}</h2><dl class="num">${rows.map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl></section>`;
  }

  #fields() {
    const { t, shown: { ticket, labels = {} } } = this;
    const told = Object.entries(ticket.fields).filter(([, value]) => value);
    return html`<section class="card"><h2>${t('fields')}</h2><dl>${told.map(([name, value]) => html`<dt>${labels[name] ?? name}</dt><dd>${value}</dd>`)}</dl></section>`;
  }

  #history() {
    const { t, shown: { history } } = this;
    return html`<section class="card wide"><h2>${t('history')}</h2><ol class="num">${history.slice().reverse().map(({ at, by, move }) => html`<li>
      <time datetime=${at}>${moment(at, t)}</time><span>${by} ${this.#entry(move)}</span>${move.text || move.why ? html`<p>${move.text || move.why}</p>` : nothing}</li>`)}</ol></section>`;
  }

  #entry(move) {
    const { t } = this;
    const kind = move.kind === 'review' ? (move.passed ? 'passed' : 'rejected') : move.kind;
    return t(`entry.${kind}`, {
      unit: move.unit ?? '',
      level: move.level ? t(`level.${move.level}`) : '',
      until: move.until ? moment(move.until, t) : '',
      result: move.result ? t(`result.${move.result}`) : '',
    });
  }
}

customElements.define('ticket-view', TicketView);
