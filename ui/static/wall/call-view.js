// One call, live and read-only, in the agent's own panel; and what is sent to its agent.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { get, told } from '../ask.js';
import '../panel/assist-panel.js';
import { evidence, markStyles } from './marks.js';

export class CallView extends LitElement {
  static properties = { call: {}, row: { attribute: false }, t: { attribute: false }, as: { state: true }, guides: { state: true }, steps: { state: true }, state: { state: true }, sending: { state: true }, sent: { state: true }, refusal: { state: true } };

  static styles = [base, markStyles, css`
    :host { display: flex; flex-direction: column; min-height: 0; border-inline-start: 1px solid var(--line); background: var(--surface); }
    .bar { display: flex; align-items: center; gap: var(--s-2); padding: 5px var(--s-2) 5px var(--s-4); border-bottom: 1px solid var(--line); min-height: 44px; }
    h2 { flex: 1; font-size: var(--t-md); }
    assist-panel { flex: 1; min-height: 320px; }
    .evidence { padding: var(--s-2) var(--s-4); border-bottom: 1px solid var(--line); font-size: var(--t-sm); display: grid; gap: 3px; max-height: 96px; overflow: auto; }
    form { display: grid; gap: 6px; padding: var(--s-2) var(--s-4); border-top: 1px solid var(--line); }
    .kinds { display: flex; gap: 2px; background: var(--track); border-radius: var(--r-1); padding: 2px; }
    .kinds button { flex: 1; min-height: 28px; font-size: var(--t-sm); color: var(--ink-2); }
    .kinds button[aria-pressed='true'] { background: var(--raised); color: var(--ink); font-weight: var(--w-medium); }
    textarea { max-height: 90px; }
    .row { display: flex; gap: var(--s-2); align-items: end; }
    .row > :first-child { flex: 1; }
    .note { font-size: var(--t-sm); color: var(--ok-ink); }
    .note:empty { display: none; }
    .bad { color: var(--bad-ink); }
    .log { max-height: 62px; overflow: auto; border-top: 1px solid var(--line); padding: var(--s-2) var(--s-4); font-size: var(--t-xs); color: var(--ink-2); }
    .log li { display: flex; justify-content: space-between; gap: var(--s-2); }
    .over { padding: var(--s-3) var(--s-4); border-top: 1px solid var(--line); font-size: var(--t-sm); color: var(--ink-2); }
  `];

  constructor() {
    super();
    this.as = 'message';
    this.guides = [];
    this.steps = {};
    this.state = null;
    this.sending = false;
    this.sent = false;
    this.refusal = null;
  }

  connectedCallback() {
    super.connectedCallback();
    get('/api/guides').then(({ guides }) => (this.guides = guides), () => {});
  }

  willUpdate(changed) {
    if (!changed.has('call')) return;
    this.sent = false;
    this.refusal = null;
    this.state = null;
  }

  updated() {
    const panel = this.#panel;
    if (panel && panel !== this.watched) {
      this.watched = panel;
      // The panel has folded the call already; what is open and what was sent is read from it.
      panel.addController({ hostUpdated: () => panel.state !== this.state && this.#look(panel.state) });
    }
  }

  #look(state) {
    this.state = state;
    for (const { guide } of state.pages) {
      if (guide in this.steps) continue;
      this.steps = { ...this.steps, [guide]: [] };
      get(`/api/guides/${encodeURIComponent(guide)}`).then(({ steps }) => (this.steps = { ...this.steps, [guide]: steps }), () => {});
    }
  }

  get #panel() {
    return this.renderRoot.querySelector('assist-panel');
  }

  async #send(event) {
    event.preventDefault();
    const form = event.target;
    const data = new FormData(form);
    const [guide, step = ''] = (data.get('place') ?? '').split('\n');
    const command = this.as === 'message'
      ? { kind: 'supervisor_message', text: data.get('text').trim() }
      : { kind: 'propose_step', guide, step, reason: data.get('reason').trim() };
    this.sending = true;
    this.sent = false;
    this.refusal = null;
    const answer = await this.#panel.source.send(command);
    this.sending = false;
    this.refusal = answer.refused ?? null;
    this.sent = !answer.refused;
    if (this.sent) form.reset();
  }

  #keys(event) {
    if (event.key === 'Escape') this.#close();
    else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing && event.target.matches('textarea')) {
      event.preventDefault();
      event.currentTarget.requestSubmit();
    }
  }

  #close() {
    this.dispatchEvent(new CustomEvent('close-call', { bubbles: true, composed: true }));
  }

  render() {
    const { t } = this;
    const agent = this.row?.name ?? this.state?.started?.agent ?? '';
    return html`<div class="bar"><h2 class="clip" tabindex="-1">${t('call.view', { agent })}</h2><span class="tag">${t('call.readonly')}</span>
        <button class="icon-button" aria-label=${t('call.close')} title=${t('call.close')} @click=${this.#close}>${icon('x')}</button></div>
      ${this.row ? evidence(this.row, t) : nothing}
      <assist-panel .call=${this.call} .language=${t.lang} readonly inner shortcuts="inside"></assist-panel>
      ${this.#log()}
      ${this.state && this.state.status !== 'live' && this.state.status !== 'waiting' ? html`<p class="over">${t('call.over')}</p>` : this.#form()}`;
  }

  #log() {
    const { t } = this;
    const sent = (this.state?.advice ?? []).slice().reverse();
    if (!sent.length) return nothing;
    return html`<ul class="log" aria-label=${t('advice.log')}>${sent.map((each) => html`<li>
      <span class="clip" title=${each.text ?? each.reason ?? ''}>${each.text ?? t('advice.to', { title: each.title })}</span>
      <span>${t(`advice.${each.answer || 'open'}`)}</span></li>`)}</ul>`;
  }

  #form() {
    const { t } = this;
    const kind = (as) => html`<button type="button" aria-pressed=${this.as === as ? 'true' : 'false'} @click=${() => (this.as = as)}>${t(`advise.${as}`)}</button>`;
    return html`<form @submit=${this.#send} @keydown=${this.#keys}>
      <div class="kinds" role="group" aria-label=${t('advise.as')}>${kind('message')}${kind('step')}</div>
      ${this.as === 'step' ? html`<select name="place" required aria-label=${t('advise.which')}>${this.#places()}</select>` : nothing}
      <div class="row">${this.as === 'message'
        ? html`<textarea name="text" rows="1" required maxlength="500" aria-label=${t('advise.text')} placeholder=${t('advise.hint')}></textarea>`
        : html`<input name="reason" maxlength="500" aria-label=${t('advise.why')} placeholder=${t('advise.why')}>`}
        <button class="primary" ?disabled=${this.sending}>${t(this.sending ? 'advise.sending' : 'advise.send')}</button></div>
      <p class="note" role="status">${this.sent ? t('advise.sent') : nothing}${this.refusal ? html`<span class="bad">${told(this.refusal, t, `refused.${this.refusal.code}`)}</span>` : nothing}</p></form>`;
  }

  #places() {
    const { t } = this;
    const pages = [...(this.state?.pages ?? [])].reverse();
    const open = new Set(pages.map((page) => page.guide));
    const lang = this.state?.lang;
    const others = this.guides.filter((guide) => !open.has(guide.id) && guide.lang === lang);
    return html`<option value="">${t('advise.choose')}</option>
      ${pages.map((page) => html`<optgroup label=${t('advise.here', { title: page.title })}>
        ${(this.steps[page.guide] ?? []).filter((step) => step.id !== page.current?.step).map((step) => html`<option value=${`${page.guide}\n${step.id}`}>${step.title}</option>`)}</optgroup>`)}
      <optgroup label=${t('advise.others')}>${others.map((guide) => html`<option value=${guide.id}>${guide.title}</option>`)}</optgroup>`;
  }
}

customElements.define('call-view', CallView);
