// The customer's answer: options under number keys, a field where there are none, and always a way
// out for "couldn't say". A heard answer is marked; the agent confirms.

import { LitElement, html, css, nothing, live } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act, effectOf } from './act.js';
import { point } from './evidence.js';

export class StepAnswer extends LitElement {
  static properties = {
    step: { attribute: false },
    proposed: { attribute: false },
    slot: { attribute: false },
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
    typed: { state: true },
  };

  static styles = [base, css`
    .options { display: grid; grid-template-columns: repeat(auto-fill, minmax(136px, 1fr)); gap: 6px; }
    .options button { min-height: 38px; padding: 5px 10px; justify-content: space-between; line-height: var(--lh-tight); }
    .options li { padding: 5px 10px; border-radius: var(--r-1); background: var(--inset); }
    .options kbd { color: var(--ink-3); }
    .unsure { color: var(--ink-2); border-style: dashed; }
    .proposed { border-color: var(--accent); background: var(--accent-soft); color: var(--accent-ink); font-weight: var(--w-medium); }
    .proposed kbd { color: inherit; }
    .heard { display: flex; gap: 6px; align-items: center; margin-top: var(--s-2); font-size: var(--t-xs); color: var(--accent-ink); min-height: 24px; padding: 0; justify-content: flex-start; max-width: 100%; }
    form { display: grid; grid-template-columns: 1fr auto; gap: 6px; }
    form + .options { margin-top: 6px; }
  `];

  constructor() {
    super();
    this.typed = null;
  }

  willUpdate(changed) {
    const before = changed.get('step');
    if (before && before.step !== this.step.step) this.typed = null;
  }

  render() {
    const { t, step } = this;
    if (this.readonly) return this.#read();
    return html`
      ${step.options.length ? nothing : this.#field()}
      <div class="options" role="group" aria-label=${step.text || step.title}>
        ${step.options.map((option, i) => this.#option(option.key, option.label, i < 9 ? String(i + 1) : ''))}
        ${this.#option('', t('step.unsure'), '0', 'unsure')}
      </div>
      ${this.proposed ? this.#heard(this.proposed.evidence) : nothing}`;
  }

  /** For those who look in. */
  #read() {
    const { proposed, slot, step } = this;
    return html`<ul class="options">${step.options.map(({ key, label }) => html`<li class=${proposed?.choice === key ? 'proposed' : ''}>${label}</li>`)}</ul>
      ${slot?.label ?? ''}${proposed ? this.#heard(proposed.evidence) : nothing}`;
  }

  #option(key, label, digit, look = '') {
    const { guide, step } = this.step;
    const proposed = this.proposed?.choice === key;
    const command = { kind: 'answer_step', guide, step, choice: key };
    return html`<button class="plain ${look} ${proposed ? 'proposed' : ''}" data-choice=${key} aria-keyshortcuts=${digit || nothing}
      ?disabled=${this.busy.has(effectOf(command))}
      @click=${() => act(this, 'answer_step', { guide, step, choice: key })}>
      <span>${label}</span>${this.keys ? kbd(digit) : nothing}</button>`;
  }

  #heard(evidence) {
    return html`<button class="heard" title=${this.t('evidence.jump')} @click=${(e) => point(e.target, 'jump', evidence.utterance)}>
      ${icon('ear', 13)}<span class="clip">${this.readonly ? `“${evidence.words}”` : this.t('step.heard', { words: evidence.words })}</span></button>`;
  }

  #field() {
    const { t } = this;
    const value = this.typed ?? this.slot?.label ?? '';
    return html`<form @submit=${this.#submit}>
      <input name="answer" autocomplete="off" .value=${live(value)}
        placeholder=${t('step.input')} aria-label=${t('step.input')} @input=${(e) => (this.typed = e.target.value)}>
      <button class="primary" ?disabled=${!value.trim()}>${icon('check', 15)}${t('step.finish')}</button>
    </form>`;
  }

  /** A free answer fills the slot, and the step follows from it, as when it is heard. */
  #submit(event) {
    event.preventDefault();
    const value = (this.typed ?? this.slot?.value ?? '').trim();
    if (value) act(this, 'set_slot', { slot: this.step.slot, value });
  }
}

customElements.define('step-answer', StepAnswer);
