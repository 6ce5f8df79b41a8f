// The ticket, prefilled: each field says where its value comes from, missing ones are marked, and
// one button files it. What the agent types is kept by the panel, so that a redraft cannot lose it.

import { LitElement, html, nothing, live, repeat } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act, ask, effectOf } from './act.js';
import { formOf, valuesOf } from './drafts.js';
import { point, sourceHint, sureness } from './evidence.js';
import { ticketStyles } from './ticket-styles.js';
import { named, troubleNote, troubleStyles } from './trouble-note.js';

const INPUT_MODE = { phone: 'tel', amount: 'decimal', number: 'decimal' };
const FITS_EM = 10; // what a one-line field shows at 380 px

export class TicketForm extends LitElement {
  static properties = {
    step: { attribute: false },
    draft: { attribute: false },
    ticket: { attribute: false },
    edits: { attribute: false },
    host: { type: Boolean }, // a page around the panel has a form of its own
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
    tried: { state: true },
    all: { state: true },
    into: { state: true }, // the open ticket to append to, '' for a new one; undefined: as proposed
  };

  static styles = [base, troubleStyles, ticketStyles];

  constructor() {
    super();
    this.tried = false;
    this.all = false;
    this.into = undefined;
  }

  get #place() {
    return `${this.step.guide}/${this.step.step}`;
  }

  get #form() {
    return formOf(this.draft, this.edits.get(this.#place));
  }

  /** The open ticket that the form goes to, '' for a new one; a choice that has closed is no choice. */
  get #target() {
    const { open = [], append_to: proposed = '' } = this.draft ?? {};
    const { into = proposed } = this;
    return open.some((ticket) => ticket.number === into) ? into : '';
  }

  /** Append instead of filing anew, and the other way round. */
  toggleAppend() {
    const [first] = this.draft?.open ?? [];
    if (first && !this.readonly && this.ticket?.status !== 'filed') this.into = this.#target ? '' : this.draft.append_to || first.number;
  }

  updated(changed) {
    if (changed.has('ticket')) this.showFailure();
  }

  /** Brings the reason and the button for another try into view. */
  showFailure() {
    if (this.ticket?.status === 'failed') this.renderRoot.querySelector('.foot')?.scrollIntoView({ block: 'nearest' });
  }

  /** Files it, or goes to the first field that is still needed. */
  file() {
    const { guide, step } = this.step;
    if (!this.draft || this.readonly || this.#waiting || ['filed', 'waiting'].includes(this.ticket?.status)) return;
    const into = this.#target;
    // A note needs something to say, and not everything that a new ticket must have.
    const missing = into ? (this.#form.some((field) => field.value.trim()) ? undefined : this.#form[0]) : this.#form.find((field) => field.missing);
    this.tried = true;
    if (missing) this.renderRoot.querySelector(`[name="${CSS.escape(missing.name)}"]`)?.focus();
    else act(this, 'file_ticket', { guide, step, fields: valuesOf(this.#form), ...(into && { append_to: into }) });
  }

  /** The form as it stands to the page around the panel, which fills its own. */
  fillHost() {
    const fields = Object.fromEntries(this.#form.map(({ name, label, value }) => [name, { label, value: value.trim() }]));
    ask(this, 'fill', { guide: this.step.guide, ticket: this.draft.type ?? '', title: this.draft.title, fields });
  }

  focusFirst() {
    const first = this.draft && (this.#form.find((field) => field.missing) ?? this.#form[0]);
    if (first && !this.readonly) this.renderRoot.querySelector(`[name="${CSS.escape(first.name)}"]`).focus();
  }

  get #waiting() {
    const { guide, step } = this.step;
    return this.ticket?.status === 'asked' || this.busy.has(effectOf({ kind: 'file_ticket', guide, step }));
  }

  render() {
    const { t, draft, ticket } = this;
    if (['filed', 'waiting'].includes(ticket?.status)) return filedNote(ticket, t);
    if (!draft) return html`<p class="quiet">${t('ticket.preparing')}</p>`;
    const form = this.#form;
    if (this.readonly) return this.#read(form);
    const into = this.#target;
    const missing = into ? 0 : form.filter((field) => field.missing).length;
    // Blank fields that nobody needs are out of the way until asked for; a redraft may fill them.
    const shown = form.filter((field) => this.all || field.required || field.value || field.touched);
    const hidden = form.length - shown.length;
    const failed = ticket?.status === 'failed' && !this.#waiting;
    return html`
      <form novalidate @submit=${this.#submit} @keydown=${this.#keydown} aria-label=${draft.title}>
        ${draft.open?.length ? this.#choice(into) : nothing}
        ${repeat(shown, (field) => field.name, (field) => this.#field(field))}
        ${hidden ? html`<button type="button" class="link more" @click=${() => (this.all = true)}>${t('ticket.optional', { n: hidden })}</button>` : nothing}
        ${failed ? troubleNote(named(ticket.trouble, t('ticket.failed')), t) : nothing}
        <div class="foot">
          <button class="primary" ?disabled=${this.#waiting} aria-keyshortcuts="Control+Enter">
            ${this.#waiting ? html`<span class="spin" aria-hidden="true"></span>` : icon('check', 15)}
            ${t(this.#waiting ? 'ticket.filing' : failed ? 'ticket.again' : into ? 'ticket.append' : 'ticket.file')}
            ${this.keys && !this.#waiting ? kbd('Ctrl ⏎') : nothing}</button>
          ${this.host ? html`<button type="button" class="plain" title=${t('host.fill.how')} @click=${this.fillHost}>${icon('external-link', 14)}${t('host.fill')}</button>` : nothing}
          <span class="state ${missing ? 'need' : ''}" role="status">${missing ? t('ticket.missing.n', { n: missing }) : t(into ? 'ticket.append.ready' : 'ticket.ready')}</span>
        </div>
      </form>`;
  }

  /** For those who look in. */
  #read(form) {
    return html`<dl>${form.filter((field) => field.required || field.value).map((field) => html`<dt>${field.label}</dt>
      <dd>${field.value || html`<span class="need">${this.t('ticket.missing')}</span>`} ${field.value ? this.#source(field) : nothing}</dd>`)}</dl>`;
  }

  /** The customer's open tickets of this type, or a new one: quiet, since the proposal is mostly right. */
  #choice(into) {
    const { t, draft } = this;
    const option = (value, label, about) => html`<label class="into ${into === value ? 'on' : ''}">
      <input type="radio" name="append_to" .value=${value} .checked=${live(into === value)} @change=${() => (this.into = value)}>
      <span><span class="num">${label}</span>${about ? html`<small>${about}</small>` : nothing}</span></label>`;
    return html`<fieldset class="open">
      <legend>${icon('ticket', 12)}${t('ticket.open')}${this.keys ? kbd('A') : nothing}</legend>
      ${draft.open.map((ticket) => option(ticket.number, t('ticket.append.to', { number: ticket.number }),
        [ticket.title, t.or(`progress.${ticket.status}`, ticket.status), ticket.opened_on].filter(Boolean).join(' · ')))}
      ${option('', t('ticket.new'), '')}
    </fieldset>`;
  }

  #field(field) {
    const { t } = this;
    const id = `f-${field.name}`;
    const shared = {
      input: (e) => ask(this, 'edit', { place: this.#place, field: field.name, value: e.target.value, drafted: field.drafted }),
    };
    const choices = field.choices ?? [];
    const long = !choices.length && widthOf(field.drafted) > FITS_EM;
    return html`<div class="field ${field.missing ? 'missing' : ''} ${field.touched ? 'touched' : ''} ${this.tried ? 'tried' : ''}">
      <label for=${id}>${field.label}${field.required ? html`<span class="star" aria-hidden="true">*</span>` : nothing}</label>
      <div class="value">
      ${choices.length ? this.#select(field, id, shared.input) : long
        ? html`<textarea id=${id} name=${field.name} rows="2" .value=${live(field.value)}
            ?required=${field.required} aria-invalid=${this.tried && field.missing} @input=${shared.input}></textarea>`
        : html`<input id=${id} name=${field.name} autocomplete="off" inputmode=${INPUT_MODE[field.type] ?? 'text'} .value=${live(field.value)}
            ?required=${field.required} aria-invalid=${this.tried && field.missing} @input=${shared.input}>`}
      <span class="from">${field.missing ? html`<span class="need">${t('ticket.missing')}</span>` : this.#source(field)}</span>
      </div>
      ${field.touched && field.drafted !== field.value ? this.#restore(field) : nothing}
    </div>`;
  }

  /** What was heard stays in the list although it is no choice yet: the agent sees it and corrects it. */
  #select(field, id, onInput) {
    const known = !field.value || field.choices.includes(field.value);
    const options = ['', ...(known ? [] : [field.value]), ...field.choices];
    return html`<select id=${id} name=${field.name} ?required=${field.required}
      aria-invalid=${this.tried && field.missing} @change=${onInput}>
      ${repeat(options, (option) => option, (option) => html`<option value=${option} .selected=${live(option === field.value)}>${option || '—'}</option>`)}</select>`;
  }

  #source(field) {
    const hint = sourceHint(field, field.touched, this.t);
    if (!field.evidence || field.touched) return hint;
    const tip = `tip-${field.name}`;
    return html`<button type="button" class="evidence" aria-describedby=${tip}
        @pointerenter=${(e) => point(e.target, 'mark', field.evidence.utterance)}
        @pointerleave=${(e) => point(e.target, 'mark', '')}
        @focus=${(e) => point(e.target, 'mark', field.evidence.utterance)}
        @blur=${(e) => point(e.target, 'mark', '')}
        @click=${(e) => point(e.target, 'jump', field.evidence.utterance)}>${hint}</button>
      <span class="tip" id=${tip} role="tooltip">“${field.evidence.words}”<small class="num">${sureness(field.evidence, this.t)} · ${this.t('evidence.jump')}</small></span>`;
  }

  #restore(field) {
    const text = field.drafted ? this.t('ticket.restore', { value: field.drafted }) : this.t('ticket.restore.blank');
    return html`<button type="button" class="link restore"
      @click=${() => ask(this, 'edit', { place: this.#place, field: field.name, value: field.drafted, drafted: field.drafted })}>
      <span class="clip">${text}</span></button>`;
  }

  #submit(event) {
    event.preventDefault();
    this.file();
  }

  /** Enter inside a field must not file by accident; Ctrl+Enter does. */
  #keydown(event) {
    if (event.key !== 'Enter' || event.isComposing) return;
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      event.stopPropagation();
      this.file();
    } else if (event.target.matches('input')) {
      event.preventDefault();
    }
  }
}

/** Roughly how wide a text is, in em: a Chinese character is twice as wide as a Latin one. */
const widthOf = (text) => [...text].reduce((em, char) => em + (char > '\u2e7f' ? 1 : 0.56), 0);

/** A filed ticket: its number, ready to be read out. One that waits is said so, and needs nothing more. */
export function filedNote(ticket, t) {
  if (ticket.status === 'waiting') {
    return html`<div class="filed waiting" role="status">${icon('inbox', 18)}
      <div><p><strong>${t('ticket.waiting')}</strong></p><p>${t('ticket.waiting.text')}</p></div></div>`;
  }
  return html`<div class="filed" role="status">
    ${icon('check', 18)}
    <div><p>${t(ticket.appended ? 'ticket.appended' : 'ticket.filed')}</p><strong class="num">${ticket.number}</strong></div>
    <button class="icon-button" aria-label=${t('ticket.copy')} title=${t('ticket.copy')}
      @click=${() => navigator.clipboard.writeText(ticket.number)}>${icon('copy', 15)}</button>
  </div>`;
}

customElements.define('ticket-form', TicketForm);
