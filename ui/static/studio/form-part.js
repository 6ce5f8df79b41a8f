// What the parts of the form share: fields that change one place of the guide, and rows that move.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import './form-lines.js';
import { Edits, valueAt } from './form-edits.js';
import { studioStyles } from './studio-styles.js';

const NAME = '[a-z][a-z0-9_]*';

export const formStyles = css`
  :host { display: block; }
  .card { padding: var(--s-3) var(--s-4); display: grid; gap: var(--s-3); }
  h2 { font-size: var(--t-sm); color: var(--ink-2); }
  h3 { font-size: var(--t-xs); color: var(--ink-2); font-weight: var(--w-medium); margin-bottom: var(--s-1); }
  label { display: block; font-size: var(--t-xs); color: var(--ink-2); }
  label input, label textarea, label select { font-size: var(--t-md); color: var(--ink); width: 100%; }
  code { font: var(--t-sm) var(--font-mono); color: var(--ink-2); overflow-wrap: anywhere; }
  .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: var(--s-2) var(--s-3); align-items: end; }
  .check { display: inline-flex; gap: 6px; align-items: center; white-space: nowrap; }
  .check input { width: 16px; min-height: 16px; }
  .row { display: grid; grid-template-columns: minmax(90px, 0.5fr) minmax(120px, 1fr) auto; gap: var(--s-2); align-items: center; padding: 3px 0; }
  .row input, .row select { min-height: 32px; width: 100%; }
  .tools { display: flex; }
  .add { display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: end; margin-top: var(--s-1); }
  .add input, .add select { width: auto; min-width: 140px; }
  details > summary { cursor: pointer; min-height: 32px; display: flex; gap: var(--s-2); align-items: center; border-radius: var(--r-1); }
  details > summary:hover { background: var(--hover); }
  details > summary::marker { content: ''; }
  details > summary .icon { color: var(--ink-3); transition: transform var(--fast); }
  details[open] > summary > .icon:first-child { transform: rotate(90deg); }
  details > div { display: grid; gap: var(--s-3); padding: var(--s-2) 0 var(--s-3) 22px; }
`;

export class FormPart extends LitElement {
  /** `form` is {guide, kinds, names, t, change(edits)}; `at` the place of `value` in the guide. */
  static properties = { form: { attribute: false }, at: { attribute: false }, value: { attribute: false } };
  static styles = [base, studioStyles, formStyles];

  get t() {
    return this.form.t;
  }

  edits() {
    return new Edits(this.form.guide);
  }

  put(path, value) {
    this.form.change(this.edits().put([...this.at, ...path], value));
  }

  /** This part goes; the keyboard goes on at what takes its row. */
  gone(row, count) {
    this.dispatchEvent(new CustomEvent('part-gone', { detail: { part: this.localName, row, count }, bubbles: true, composed: true }));
    this.form.change(this.edits().remove(this.at));
  }

  /** Once the form shows the change, the keyboard goes on at this element. */
  focusAfter(selector) {
    this.focusNext = selector;
  }

  updated() {
    if (!this.focusNext) return;
    const found = this.renderRoot.querySelector(this.focusNext);
    if (!found) return;
    this.focusNext = null;
    const target = found.disabled ? found.parentElement.querySelector('button:not([disabled])') : found;
    target?.focus();
  }

  words(path, label, { rows = 0, type = 'text', list = nothing } = {}) {
    const was = valueAt(this.value, path);
    const read = (e) => this.put(path, type === 'number' ? (e.target.value === '' ? '' : Number(e.target.value)) : e.target.value);
    return html`<label>${label}${rows ? html`<textarea rows=${rows} .value=${was ?? ''} @change=${read}></textarea>` : html`<input type=${type} step="any" list=${list} .value=${String(was ?? '')} @change=${read}>`}</label>`;
  }

  tick(path, label, usual = false) {
    const was = valueAt(this.value, path) ?? usual;
    return html`<label class="check"><input type="checkbox" .checked=${was} @change=${(e) => this.put(path, e.target.checked === usual ? '' : e.target.checked)}>${label}</label>`;
  }

  /** `choices` are [value, words]; what is written stays choosable though it is none of them. */
  choose(path, label, choices, none = null) {
    const was = valueAt(this.value, path) ?? '';
    return html`<label>${label}${this.select(was, choices, (value) => this.put(path, value), none)}</label>`;
  }

  select(was, choices, onChange, none = null, label = nothing) {
    const known = new Map(choices);
    if (was && !known.has(was)) known.set(was, was);
    return html`<select aria-label=${label} @change=${(e) => onChange(e.target.value)}>${none === null ? nothing : html`<option value="" ?selected=${!was}>${none}</option>`}${[...known].map(([value, words]) => html`<option value=${value} ?selected=${value === was}>${words || value}</option>`)}</select>`;
  }

  lines(path, label) {
    const lines = valueAt(this.value, path) ?? [];
    return html`<form-lines .label=${label} .hint=${lines.length ? this.t('form.lines', { count: lines.length }) : this.t('form.lines.none')} .lines=${lines} @lines=${({ detail }) => this.put(path, detail)}></form-lines>`;
  }

  /** Up, down, away: buttons of row `i` of `count`, which is called `name`; `list` tells lists apart. */
  tools(list, i, count, name, { move, remove }) {
    const { t } = this;
    const to = (other) => {
      this.focusAfter(`[data-row="${list}:${other}:${other < i ? 'up' : 'down'}"]`);
      move(other);
    };
    const gone = () => {
      this.focusAfter(`[data-row="${list}:${Math.max(0, Math.min(i, count - 2))}:gone"]`);
      remove();
    };
    return html`<span class="tools">${move ? html`<button class="icon-button" data-row=${`${list}:${i}:up`} aria-label=${t('form.up', { id: name })} ?disabled=${!i} @click=${() => to(i - 1)}>${icon('chevron-up', 15)}</button>
      <button class="icon-button" data-row=${`${list}:${i}:down`} aria-label=${t('form.down', { id: name })} ?disabled=${i === count - 1} @click=${() => to(i + 1)}>${icon('chevron-down', 15)}</button>` : nothing}
      ${remove ? html`<button class="icon-button" data-row=${`${list}:${i}:gone`} aria-label=${t('form.remove', { id: name })} @click=${gone}>${icon('x', 15)}</button>` : nothing}</span>`;
  }

  /** Rows NAME → value of a table at `path`: `known` are [name, words] that may still be added. */
  table(path, label, known, field) {
    const { t } = this;
    const table = valueAt(this.value, path) ?? {};
    const names = Object.keys(table);
    const words = new Map(known);
    const rest = known.filter(([name]) => !(name in table));
    const key = path.join('-');
    return html`<div><h3>${label}</h3>${names.map((name, i) => html`<div class="row"><span>${words.get(name) || html`<code>${name}</code>`}</span>${field(table[name], (value) => this.put([...path, name], value), `${label}: ${name}`)}
        ${this.tools(key, i, names.length, name, { move: (to) => this.form.change(this.edits().move([...this.at, ...path, name], to)), remove: () => this.form.change(this.edits().remove([...this.at, ...path, name])) })}</div>`)}
      ${rest.length ? html`<div class="add">${this.select('', rest, (name) => name && this.put([...path, name], field.first(name, this.form.guide)), t('form.add.one'), t('form.add.to', { name: label }))}</div>` : nothing}</div>`;
  }

  /** A field for a new name, and the button that adds it. */
  adding(label, button, add) {
    const given = (event) => {
      event.preventDefault();
      const form = event.target;
      if (!form.reportValidity()) return;
      add(form.elements.name.value);
      form.reset();
    };
    return html`<form class="add" @submit=${given}><label>${label}<input name="name" required pattern=${NAME} maxlength="40" title=${this.t('form.name.form')}></label><button class="plain">${button}</button></form>`;
  }
}

const own = (name, guide) => `{{ ${name in (guide.slots ?? {}) ? `slots.${name}.value` : 'customer.name'} }}`;

/** Fields of a table's values, and what stands in a new one. */
export const templateField = Object.assign((was, change, label) => html`<input aria-label=${label} .value=${was ?? ''} @change=${(e) => change(e.target.value)}>`, { first: own });
export const weightField = Object.assign((was, change, label) => html`<input type="number" step="0.1" aria-label=${label} .value=${String(was ?? '')} @change=${(e) => e.target.value && change(Number(e.target.value))}>`, { first: () => 1 });
