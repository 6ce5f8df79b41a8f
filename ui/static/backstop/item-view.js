// One call of the queue with all that is known of it, and what may be done with it now.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { get, post, told } from '../ask.js';
import { moment, span } from '../spans.js';
import '../panel/assist-panel.js';
import { linkTo } from '../server.js';

export class ItemView extends LitElement {
  static properties = { call: {}, me: {}, sees: { type: Boolean }, now: { type: Number }, guides: { attribute: false }, t: { attribute: false }, item: { state: true }, history: { state: true }, summary: { state: true }, doing: { state: true }, busy: { state: true }, refusal: { state: true }, failed: { state: true } };

  static styles = [base, css`
    :host { display: grid; grid-template-columns: minmax(0, 1fr) minmax(360px, 420px); min-height: 0; }
    .left { overflow-y: auto; padding: var(--s-4) var(--s-5) var(--s-6); display: grid; gap: var(--s-4); align-content: start; }
    .bar { display: flex; gap: var(--s-2); align-items: center; flex-wrap: wrap; }
    h2 { flex: 1 1 140px; font-size: var(--t-lg); line-height: var(--lh-tight); }
    h3 { font-size: var(--t-sm); color: var(--ink-2); margin-bottom: 4px; }
    dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 3px var(--s-4); font-size: var(--t-sm); }
    dt { color: var(--ink-2); }
    dd { overflow-wrap: anywhere; }
    .over { color: var(--bad-ink); font-weight: var(--w-strong); }
    form { display: grid; gap: var(--s-3); padding: var(--s-4); }
    label { display: grid; gap: 3px; font-size: var(--t-sm); color: var(--ink-2); }
    textarea, select { color: var(--ink); }
    .row { display: flex; gap: var(--s-2); }
    .small { font-size: var(--t-xs); color: var(--ink-2); }
    .refused { color: var(--bad-ink); font-size: var(--t-sm); }
    ol { display: grid; gap: var(--s-2); font-size: var(--t-sm); }
    ol p { color: var(--ink-2); }
    .panel { border-inline-start: 1px solid var(--line); min-height: 0; display: flex; flex-direction: column; }
    .panel h3 { padding: var(--s-2) var(--s-4); margin: 0; border-bottom: 1px solid var(--line); display: flex; justify-content: space-between; }
    .panel a { color: var(--accent-ink); font-weight: 400; }
    assist-panel { flex: 1; min-height: 420px; }
    .none { padding: var(--s-6); text-align: center; color: var(--ink-2); }
    @media (max-width: 1180px) { :host { grid-template-columns: minmax(0, 1fr); overflow-y: auto; } .panel { border: 0; border-top: 1px solid var(--line); height: 640px; } .left { overflow: visible; } }
  `];

  willUpdate(changed) {
    if (changed.has('call')) this.#load();
  }

  async #load() {
    const { call } = this;
    this.item = null;
    this.summary = null;
    this.doing = '';
    this.refusal = '';
    this.failed = false;
    try {
      const path = encodeURIComponent(call);
      const [shown, { summaries }] = await Promise.all([get(`/api/backstop/calls/${path}`), get(`/api/calls/${path}/summary`).catch(() => ({ summaries: {} }))]);
      if (call !== this.call) return;
      this.#show(shown);
      this.summary = (summaries.wrap_up ?? summaries.hand_over)?.summary ?? null;
    } catch {
      if (call === this.call) this.failed = true;
    }
  }

  #show({ call, history }) {
    this.item = call;
    this.history = history;
  }

  async move(move, more = {}) {
    this.busy = true;
    this.refusal = '';
    try {
      this.#show(await post(`/api/backstop/calls/${encodeURIComponent(this.call)}/moves`, { move, ...more }));
      this.doing = '';
      this.dispatchEvent(new CustomEvent('moved', { bubbles: true, composed: true }));
    } catch (error) {
      this.refusal = told(error, this.t, `refused.${error.code}`);
    }
    this.busy = false;
  }

  /** What may be done now, by whoever looks. */
  get can() {
    if (!this.item) return [];
    if (this.item.state === 'open') return ['claim'];
    return this.item.state === 'claimed' && this.item.by === this.me ? ['resolve', 'return'] : [];
  }

  async begin(move) {
    if (!this.can.includes(move) || this.busy) return;
    if (move === 'claim') return void this.move('claim');
    this.doing = move;
    await this.updateComplete;
    this.renderRoot.querySelector('textarea')?.focus();
  }

  #submit(event) {
    event.preventDefault();
    const data = new FormData(event.target);
    this.move(this.doing, { text: data.get('text').trim(), ...(this.doing === 'resolve' ? { guide: data.get('guide') } : {}) });
  }

  render() {
    const { t, item } = this;
    if (this.failed) return html`<p class="none">${t('failed')} <button class="plain" @click=${this.#load}>${t('again')}</button></p>`;
    if (!item) return html`<p class="none">${t('loading')}</p>`;
    return html`<div class="left">
        <div class="bar"><h2 tabindex="-1">${item.need || t('no.need')}</h2>${this.#buttons()}
          <button class="icon-button" aria-label=${t('close')} title=${t('close')} @click=${() => this.dispatchEvent(new CustomEvent('close-item', { bubbles: true, composed: true }))}>${icon('x')}</button></div>
        ${this.doing ? this.#form() : nothing}
        ${this.refusal ? html`<p class="refused" role="alert">${this.refusal}</p>` : nothing}
        ${this.#facts()}${this.#summary()}${this.#history()}</div>
      ${this.sees ? this.#panel() : nothing}`;
  }

  #panel() {
    const { t, item } = this;
    return html`<div class="panel"><h3><span>${t('panel')}</span><a href=${linkTo(`/api/calls/${encodeURIComponent(item.call)}/events`)}>${t('events')}</a></h3>
        <assist-panel .call=${item.call} .language=${t.lang} readonly inner shortcuts="inside"></assist-panel></div>`;
  }

  #buttons() {
    const { t } = this;
    const keys = { claim: 'C', resolve: 'S', return: 'R' };
    return this.can.map((move, i) => html`<button class=${i ? 'plain' : 'primary'} ?disabled=${this.busy} aria-keyshortcuts=${keys[move]} @click=${() => this.begin(move)}>${t(move)}${kbd(keys[move])}</button>`);
  }

  #form() {
    const { t, item } = this;
    const resolving = this.doing === 'resolve';
    return html`<form class="card" @submit=${this.#submit} @keydown=${(event) => event.key === 'Escape' && (this.doing = '')}>
      <h3>${t(`form.${this.doing}`)}</h3>
      <label>${t(`say.${this.doing}`)}<textarea name="text" rows="3" required maxlength="4000"></textarea></label>
      ${resolving ? html`<label>${t('resolve.guide')}<select name="guide"><option value="">${item.guide ? item.title : t('resolve.none')}</option>
          ${this.guides.filter((guide) => guide.id !== item.guide).map((guide) => html`<option value=${guide.id}>${guide.title}</option>`)}</select></label>
        <p class="small">${t('resolve.owner')}</p>` : nothing}
      <div class="row"><button class="primary" ?disabled=${this.busy}>${t('send')}</button><button type="button" class="plain" @click=${() => (this.doing = '')}>${t('cancel')}</button></div></form>`;
  }

  #facts() {
    const { t, item, now } = this;
    const late = now - Date.parse(item.due_at);
    const resolved = item.state === 'resolved';
    const rows = [
      ['fact.why', item.reasons.map((reason) => t(`reason.${reason}`)).join(t.lang === 'zh' ? '；' : '; ')],
      ['fact.guide', item.title || t('none')],
      ['fact.customer', item.customer || t('none')],
      ['fact.agent', item.agent],
      ['fact.raised', moment(item.raised_at, t)],
      ['fact.due', html`${moment(item.due_at, t)} ${!resolved && late > 0 ? html`<span class="over">${t('due.over', { time: span(late, t) })}</span>` : nothing}`],
      ...(resolved ? [['fact.answer', item.text], ['fact.owner', item.owner || t('none')]] : []),
    ];
    return html`<section><h3>${t('facts')} <span class="tag">${t(`priority.${item.priority}`)}</span> <span class="tag">${t(`state.${item.state}`, { by: item.by })}</span></h3>
      <dl>${rows.map(([name, value]) => html`<dt>${t(name)}</dt><dd>${value}</dd>`)}</dl></section>`;
  }

  #summary() {
    const { t, summary } = this;
    const parts = ['need', 'done', 'result', 'follow_up'].filter((part) => summary?.[part]?.length);
    return html`<section><h3>${t('summary')}</h3>${parts.length
      ? html`<dl>${parts.map((part) => html`<dt>${t(`sum.${part}`)}</dt><dd>${[summary[part]].flat().map((line) => html`<p>${line}</p>`)}</dd>`)}</dl>`
      : html`<p class="small">${t('summary.none')}</p>`}</section>`;
  }

  #history() {
    const { t, history } = this;
    return html`<section><h3>${t('history')}</h3>${history.length
      ? html`<ol>${history.map((entry) => html`<li><span class="num">${moment(entry.at, t)}</span> ${entry.by} ${t(`move.${entry.move}`)}${entry.text ? html`<p>${entry.text}</p>` : nothing}</li>`)}</ol>`
      : html`<p class="small">${t('history.none')}</p>`}</section>`;
  }
}

customElements.define('item-view', ItemView);
