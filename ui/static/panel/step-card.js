// The current step, large: what to say, and what to do about it. One body for each kind of step.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act, effectOf } from './act.js';
import { bounds, boundStyles } from './step-bounds.js';
import { troubleNote, troubleStyles } from './trouble-note.js';
import './diagnosis-view.js';
import './offer-card.js';
import './step-answer.js';
import './ticket-form.js';

const TICK_LABEL = { say: 'step.said', end: 'step.finish', handoff: 'step.handoff' };

export class StepCard extends LitElement {
  static properties = {
    step: { attribute: false },
    page: { attribute: false },
    effects: { attribute: false },
    edits: { attribute: false },
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
    copied: { state: true },
  };

  static styles = [base, troubleStyles, boundStyles, css`
    .meta { display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s-2); min-height: 22px; font-size: var(--t-xs); color: var(--ink-3); }
    .copy { margin-inline-start: auto; min-height: 24px; padding: 0 4px; gap: 5px; font-size: var(--t-xs); color: var(--ink-3); flex: none; }
    .meta .kind { color: var(--accent-ink); font-weight: var(--w-strong); }
    .script { font-size: var(--t-script); line-height: var(--lh-script); margin: 3px 0 var(--s-3); overflow-wrap: anywhere; text-wrap: pretty; }
    .lead { font-size: var(--t-lg); font-weight: var(--w-medium); margin: 3px 0 var(--s-2); }
    .actions { display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: center; }
    .actions .primary { min-height: 36px; padding: 0 var(--s-4); }
  `];

  get #place() {
    return `${this.page.guide}/${this.step.step}`;
  }

  willUpdate(changed) {
    if (changed.has('step')) this.copied = false;
  }

  async copy() {
    const text = this.effects.offers[this.#place]?.text || this.step.text;
    if (!text) return;
    await navigator.clipboard.writeText(text);
    this.copied = true;
    setTimeout(() => (this.copied = false), 1600);
  }

  render() {
    const { t, step } = this;
    const offer = this.effects.offers[this.#place];
    const script = offer?.text || step.text;
    const title = offer?.title || this.effects.drafts[this.#place]?.title || (step.title === step.step ? '' : step.title);
    return html`
      <p class="meta">
        <span class="kind">${t(`kind.${step.step_kind}`)}</span>
        ${title && script ? html`<span class="clip">${title}</span>` : nothing}
        ${step.must_say ? html`<span class="tag warn">${icon('quote', 11)}${t('step.must')}</span>` : nothing}
        ${script ? this.#copy() : nothing}
      </p>
      ${script ? html`<p class="script">${script}</p>` : html`<p class="lead">${title || t(`kind.${step.step_kind}`)}</p>`}
      ${bounds(step, t)}
      ${this.#body(step)}
      ${this.effects.troubles.map((trouble) => troubleNote(trouble, t, nothing))}`;
  }

  #copy() {
    return html`<button class="ghost copy" aria-label=${this.t('step.copy')} title=${this.t('step.copy')} @click=${this.copy}>
      ${this.copied ? html`<span role="status">${this.t('step.copied')}</span>` : nothing}
      ${icon(this.copied ? 'check' : 'copy', 14)}${this.keys && !this.copied ? kbd('C') : nothing}</button>`;
  }

  #body(step) {
    if (this.readonly && (step.step_kind === 'guide' || TICK_LABEL[step.step_kind])) return nothing;
    switch (step.step_kind) {
      case 'ask':
        return html`<step-answer .step=${step} .proposed=${this.page.proposed} .slot=${this.effects.slots[step.slot]}
            .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></step-answer>`;
      case 'diagnose':
        return html`<diagnosis-view .step=${step} .diagnosis=${this.effects.diagnoses[this.#place]}
            .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></diagnosis-view>`;
      case 'offer':
        return html`<offer-card .offer=${this.effects.offers[this.#place]} .busy=${this.busy}
            .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></offer-card>`;
      case 'ticket':
        return html`<ticket-form .step=${step} .draft=${this.effects.drafts[this.#place]} .ticket=${this.effects.tickets[this.#place]}
            .edits=${this.edits} .host=${this.effects.host} .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${this.t}></ticket-form>`;
      case 'guide':
        return html`<div class="actions">
          <button class="primary" @click=${() => act(this, 'open_guide', { guide: step.sub_guide })}>${this.t('step.subguide')}</button>
          <button class="plain" ?disabled=${this.busy.has(effectOf(this.#tick))} @click=${() => this.#done()}>
            ${this.t('step.subguide.done')}${this.keys ? kbd('⏎') : nothing}</button></div>`;
      default:
        return html`<div class="actions">
          <button class="primary" ?disabled=${this.busy.has(effectOf(this.#tick))} @click=${() => this.#done()}>
            ${icon('check', 15)}${this.t(TICK_LABEL[step.step_kind])}${this.keys ? kbd('⏎') : nothing}</button></div>`;
    }
  }

  get #tick() {
    return { kind: 'tick_step', guide: this.page.guide, step: this.step.step };
  }

  #done() {
    const { kind, ...values } = this.#tick;
    act(this, kind, values);
  }
}

customElements.define('step-card', StepCard);
