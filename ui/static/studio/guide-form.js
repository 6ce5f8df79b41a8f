// The guide as a form. Each field that is left changes its place of the text, and nothing else of it:
// comments and order stay. What a form cannot say is said in the text.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { postJson } from '../shell/api.js';
import './form-step.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

class GuideForm extends LitElement {
  static properties = { guide: {}, text: {}, facts: { attribute: false }, vocabulary: { attribute: false }, line: { type: Number }, form: { state: true }, error: { state: true }, adding: { state: true } };

  static styles = [base, studioStyles, css`
    :host { overflow-y: auto; background: var(--bg); }
    .all { display: grid; gap: var(--s-3); padding: var(--s-3); max-width: 760px; margin: 0 auto; }
    .card { padding: var(--s-3) var(--s-4); }
    h2 { font-size: var(--t-sm); color: var(--ink-2); margin-bottom: var(--s-2); }
    .fields { display: grid; grid-template-columns: repeat(auto-fit, minmax(180px, 1fr)); gap: var(--s-2) var(--s-3); }
    label { display: block; font-size: var(--t-xs); color: var(--ink-2); }
    label input, label textarea { font-size: var(--t-md); color: var(--ink); }
    .slot { display: grid; grid-template-columns: minmax(90px, 0.6fr) minmax(120px, 1fr) auto; gap: var(--s-2); align-items: center; padding: 4px 0; }
    .slot code { font: var(--t-sm) var(--font-mono); color: var(--ink-2); }
    .check { display: inline-flex; gap: 6px; align-items: center; white-space: nowrap; }
    .check input { width: 16px; min-height: 16px; }
  `];

  constructor() {
    super();
    new Words(this);
    this.facts = { steps: [], slots: {} };
  }

  willUpdate(changed) {
    if (changed.has('text') && this.text !== this.shown) this.#ask([]);
  }

  async #ask(edits) {
    const { text } = this;
    this.shown = text;
    try {
      const told = await postJson(`/api/studio/guides/${encodeURIComponent(this.guide)}/form`, { text, edits });
      if (this.text !== text) return; // written on meanwhile
      this.error = null;
      this.form = told.form;
      this.shown = told.text;
      if (told.text !== text) this.dispatchEvent(new CustomEvent('form-text', { detail: { text: told.text } }));
    } catch (error) {
      this.error = error;
      this.form = this.form && { ...this.form }; // the field shows again what the text says
    }
  }

  #edit = (op, at, value, to) => this.#ask([{ op, at, ...(value === undefined ? {} : { value }), ...(to === undefined ? {} : { to }) }]);

  /** A field that is emptied is taken out; one that the guide needs says so by its problems. */
  #set = (at, value, was) => {
    if (value === (was ?? '') || (value === false && was === undefined)) return;
    if (value === '' && was !== undefined && !['title', 'id', 'owner', 'label'].includes(at.at(-1))) this.#edit('remove', at);
    else this.#edit('set', at, value);
  };

  render() {
    const { t, form } = this;
    if (this.error && !form) return html`<div class="all">${trouble(this.error, t)}</div>`;
    if (!form) return html`<div class="none">${this.form === null ? html`<strong>${t('form.none')}</strong>${t('form.none.text')}` : t('loading')}</div>`;
    const { guide } = form;
    const field = (label, at, value, type = 'text') => html`<label>${label}<input type=${type} .value=${value ?? ''} @change=${(e) => this.#set(at, e.target.value, value)}></label>`;
    return html`<div class="all">${trouble(this.error, t)}
      <section class="card" aria-label=${t('form.about')}><h2>${t('form.about')}</h2><div class="fields">
        ${field(t('new.name'), ['title'], guide.title)}${field(t('new.owner'), ['owner'], guide.owner)}
        ${this.#window(t('form.from'), 'from')}${this.#window(t('form.until'), 'until')}</div></section>
      <section class="card" aria-label=${t('form.slots')}><h2>${t('form.slots')}</h2>${Object.entries(guide.slots ?? {}).map(([name, slot]) => html`<div class="slot"><code>${name}</code>
        <input aria-label=${t('form.slot.label', { name })} .value=${slot.label ?? ''} @change=${(e) => this.#set(['slots', name, 'label'], e.target.value, slot.label)}>
        <label class="check"><input type="checkbox" .checked=${slot.required ?? false} @change=${(e) => this.#set(['slots', name, 'required'], e.target.checked, slot.required)}>${t('form.required')}</label></div>`)}
        ${Object.keys(guide.slots ?? {}).length ? nothing : html`<p class="tiny">${t('form.slots.none')}</p>`}</section>
      ${guide.steps.map((step, i) => html`<form-step .step=${step} .kind=${form.kinds[i]} .at=${i} .count=${guide.steps.length} .slots=${guide.slots ?? {}} .ids=${guide.steps.map(({ id }) => id)} .names=${this.vocabulary?.names ?? null}
        .here=${this.#isHere(i)} .set=${this.#set} .edit=${this.#edit} .t=${t}></form-step>`)}
      <div class="bar"><button class="plain" @click=${() => this.#edit('insert', ['steps', guide.steps.length], { id: this.#free(), say: t('form.new.say') })}>${t('form.add')}</button></div></div>`;
  }

  #window(label, key) {
    const { effective } = this.form.guide;
    const was = effective?.[key];
    const change = ({ target: { value } }) => {
      if (value === (was ?? '')) return;
      if (!effective) this.#edit('set', ['effective'], { [key]: value });
      else if (value) this.#edit('set', ['effective', key], value);
      else this.#edit('remove', Object.keys(effective).length > 1 ? ['effective', key] : ['effective']);
    };
    return html`<label>${label}<input type="date" .value=${was ?? ''} @change=${change}></label>`;
  }

  #isHere(i) {
    const step = this.facts.steps[i];
    return Boolean(step) && step.line <= this.line && this.line <= step.end;
  }

  #free() {
    const ids = new Set(this.form.guide.steps.map(({ id }) => id));
    let n = 1;
    while (ids.has(`step_${n}`)) n++;
    return `step_${n}`;
  }
}

customElements.define('guide-form', GuideForm);
