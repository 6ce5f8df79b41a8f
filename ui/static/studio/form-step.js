// One step of the form: what is said, and where it goes from there.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { studioStyles } from './studio-styles.js';

const NAMED = { diagnose: 'connectors', offer: 'offers', ticket: 'tickets', guide: 'guides' };
const OUTCOMES = ['solved', 'ticket', 'escalated', 'uncovered'];
const SPEAKS = ['say', 'ask', 'diagnose', 'handoff', 'end', 'ticket', 'offer'];

class FormStep extends LitElement {
  static properties = { step: { attribute: false }, kind: {}, at: { type: Number }, count: { type: Number }, slots: { attribute: false }, ids: { attribute: false }, names: { attribute: false }, here: { type: Boolean, reflect: true }, t: { attribute: false } };

  static styles = [base, studioStyles, css`
    .card { padding: var(--s-3) var(--s-4); display: grid; gap: var(--s-2); }
    :host([here]) .card { border-color: var(--accent); }
    header { display: flex; gap: var(--s-2); align-items: center; }
    header code { font: var(--t-sm) var(--font-mono); color: var(--ink-2); }
    label { display: block; font-size: var(--t-xs); color: var(--ink-2); }
    label input, label textarea, label select { font-size: var(--t-md); color: var(--ink); width: 100%; }
    .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: var(--s-2) var(--s-3); align-items: end; }
    .way { display: grid; grid-template-columns: minmax(100px, 1fr) 18px minmax(140px, 1fr); gap: var(--s-2); align-items: center; font-size: var(--t-sm); }
    .way > span:first-child { overflow-wrap: anywhere; }
    .check { display: inline-flex; gap: 6px; align-items: center; }
    .check input { width: 16px; min-height: 16px; }
  `];

  render() {
    const { t, step, kind, at } = this;
    const here = (...rest) => ['steps', at, ...rest];
    const words = (key, label, rows = 0) => {
      const change = (e) => this.set(here(key), e.target.value, step[key]);
      return html`<label>${label}${rows ? html`<textarea rows=${rows} .value=${step[key] ?? ''} @change=${change}></textarea>` : html`<input .value=${step[key] ?? ''} @change=${change}>`}</label>`;
    };
    const tick = (key) => html`<label class="check"><input type="checkbox" .checked=${step[key] ?? false} @change=${(e) => this.set(here(key), e.target.checked, step[key])}>${t(`form.${key}`)}</label>`;
    return html`<section class="card" aria-label=${t('form.step', { id: step.id })}>
      <header><span class="tag">${t(`kind.${kind}`)}</span><code>${step.id}</code><span class="grow"></span>
        <button class="icon-button" aria-label=${t('form.up', { id: step.id })} ?disabled=${!at} @click=${() => this.edit('move', ['steps', at], undefined, at - 1)}>${icon('chevron-up', 15)}</button>
        <button class="icon-button" aria-label=${t('form.down', { id: step.id })} ?disabled=${at === this.count - 1} @click=${() => this.edit('move', ['steps', at], undefined, at + 1)}>${icon('chevron-down', 15)}</button>
        <button class="icon-button" aria-label=${t('form.remove', { id: step.id })} ?disabled=${this.count === 1} @click=${() => this.edit('remove', ['steps', at])}>${icon('x', 15)}</button></header>
      ${SPEAKS.includes(kind) ? words('say', t('form.say'), 2) : nothing}
      <div class="fields">${words('title', t('form.title'))}${this.#named(here)}${words('only_if', t('form.only_if'))}${kind === 'end' ? words('disposition', t('form.disposition')) : nothing}
        ${['say', 'ask', 'handoff', 'end'].includes(kind) ? tick('must_say') : nothing}${['say', 'ticket'].includes(kind) ? tick('solves') : nothing}</div>
      ${kind === 'end' ? nothing : html`<div>${this.#ways(here)}</div>`}</section>`;
  }

  /** What the step asks, runs, offers, files or ends with. */
  #named(here) {
    const { t, step, kind, slots, names } = this;
    const choose = (key, choices) => html`<label>${t(`form.key.${key}`)}<select @change=${(e) => this.set(here(key), e.target.value, step[key])}>
      ${[...new Set([...choices.map(([value]) => value), step[key]])].map((value) => html`<option value=${value} ?selected=${value === step[key]}>${choices.find(([id]) => id === value)?.[1] || value}</option>`)}</select></label>`;
    if (kind === 'ask') return choose('ask', Object.entries(slots).map(([id, slot]) => [id, slot.label]));
    if (kind === 'end') return choose('end', OUTCOMES.map((id) => [id, t(`outcome.${id}`)]));
    if (!(kind in NAMED) || !names) return nothing;
    return choose(kind, Object.entries(names[NAMED[kind]]).map(([id, one]) => [id, typeof one === 'string' ? one : one.title ?? id]));
  }

  #ways(here) {
    const { t, step, kind, slots } = this;
    const ways = [];
    if (kind === 'ask') for (const [choice, label] of Object.entries(slots[step.ask]?.choices ?? {})) ways.push([label, ['choices', choice], step.choices?.[choice]]);
    (step.cases ?? []).forEach((one, i) => ways.push([one.when || t('form.else'), ['cases', i, 'next'], one.next]));
    if (kind === 'ask') ways.push([t('form.otherwise'), ['otherwise'], step.otherwise]);
    if (kind === 'diagnose') ways.push([t('form.manual'), ['manual'], step.manual]);
    ways.push([t('form.next'), ['next'], step.next]);
    return ways.map(([label, at, target]) => html`<label class="way"><span>${label}</span>${icon('chevron-right', 14)}<select @change=${(e) => this.#lead(here(...at), e.target.value, target)}>
      <option value="" ?selected=${!target}>${t('form.below')}</option>${this.ids.map((id) => html`<option value=${id} ?selected=${id === target}>${id}</option>`)}</select></label>`);
  }

  /** A first answer that leads somewhere brings the list of answers with it. */
  #lead(at, value, was) {
    if (at[2] === 'choices' && !this.step.choices) this.edit('set', at.slice(0, 3), { [at[3]]: value });
    else if (at[2] === 'choices' && !value && Object.keys(this.step.choices).length === 1) this.edit('remove', at.slice(0, 3));
    else this.set(at, value, was);
  }
}

customElements.define('form-step', FormStep);
