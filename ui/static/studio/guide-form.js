// The guide as a form. Each field that is left changes its place of the text, and nothing else of it:
// comments and order stay. What a form cannot say is said in the text.

import { LitElement, html, css, nothing, repeat } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { Edits, free, kindOf } from './form-edits.js';
import './form-opening.js';
import { formStyles } from './form-part.js';
import './form-slot.js';
import './form-step.js';
import { studioStyles } from './studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

const KINDS = ['say', 'ask', 'diagnose', 'offer', 'ticket', 'handoff', 'guide', 'end'];
const MOST_UNDONE = 100;

class GuideForm extends LitElement {
  static properties = { guide: {}, text: {}, facts: { attribute: false }, vocabulary: { attribute: false }, line: { type: Number }, form: { state: true }, error: { state: true } };

  static styles = [base, studioStyles, formStyles, css`
    :host { overflow-y: auto; background: var(--bg); }
    .all { display: grid; gap: var(--s-3); padding: var(--s-3); max-width: 760px; margin: 0 auto; }
    .all { padding-top: 0; }
    .top { position: sticky; top: 0; z-index: 1; justify-content: flex-end; padding: var(--s-2) 0; background: var(--bg); }
    .top button { min-height: 28px; font-size: var(--t-sm); }
  `];

  constructor() {
    super();
    new Words(this);
    this.facts = { steps: [], slots: {} };
    this.done = [];
    this.undone = [];
    this.asking = Promise.resolve();
    this.waiting = this.round = 0;
    this.addEventListener('focusin', (event) => (this.entered = event.composedPath()[0].value));
    this.addEventListener('keydown', this.#keys);
    this.addEventListener('part-gone', ({ detail }) => (this.focusNext = detail));
  }

  willUpdate(changed) {
    if (!changed.has('text') || this.text === this.shown) return;
    this.done = this.undone = []; // written elsewhere: going back would lose that
    this.round++;
    this.#ask([]);
  }

  updated() {
    const { focusNext } = this;
    const parts = focusNext ? [...this.renderRoot.querySelectorAll(focusNext.part)] : [];
    if (!parts.length || parts.length === focusNext.count) return; // not gone yet
    this.focusNext = null;
    const part = parts[Math.min(focusNext.row, parts.length - 1)];
    part.updateComplete.then(() => part.renderRoot.querySelector('summary, header input').focus());
  }

  /** The form shows at once what comes of it; the text follows, one edit after another. */
  #change = (edits) => {
    const { round } = this;
    if (!edits.list.length) return;
    this.waiting++;
    this.form = { guide: edits.guide, kinds: edits.guide.steps.map(kindOf) };
    this.asking = this.asking.then(() => {
      this.waiting--;
      if (round === this.round) return this.#ask(edits.list);
    });
  };

  async #ask(edits) {
    const { text } = this;
    this.shown = text;
    try {
      const told = await this.#form(text, edits);
      if (this.text !== text) return; // written on meanwhile
      this.error = null;
      if (!this.waiting) this.form = told.form;
      if (told.text === text) return;
      this.done = [...this.done.slice(-MOST_UNDONE), text];
      this.undone = [];
      this.#becomes(told.text);
    } catch (error) {
      this.round++; // what was to come after it stood upon it
      this.error = error;
      if (edits.length) this.form = (await this.#form(text, []).catch(() => this)).form;
    }
  }

  #form(text, edits) {
    return postJson(`/api/studio/guides/${encodeURIComponent(this.guide)}/form`, { text, edits });
  }

  #becomes(text) {
    this.shown = this.text = text;
    this.dispatchEvent(new CustomEvent('form-text', { detail: { text } }));
  }

  /** `from` is where texts are taken, `to` where the present one is kept. */
  async #back(from, to) {
    await this.asking;
    const text = this[from].at(-1);
    if (text === undefined) return;
    this[to] = [...this[to], this.text];
    this[from] = this[from].slice(0, -1);
    this.#becomes(text);
    const told = await this.#form(text, []);
    if (this.text === text) this.form = told.form;
  }

  /** Ctrl-Z takes back the last change of the form, once what is typed in a field is its own again. */
  #keys = (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    const [field] = event.composedPath();
    if ('value' in field && field.value !== this.entered && field.matches('input, textarea')) return;
    event.preventDefault();
    if (event.shiftKey) this.#back('undone', 'done');
    else this.#back('done', 'undone');
  };

  render() {
    const { t, form } = this;
    if (this.error && !form) return html`<div class="all">${trouble(this.error, t)}</div>`;
    if (!form) return html`<div class="none">${this.form === null ? html`<strong>${t('form.none')}</strong>${t('form.none.text')}` : t('loading')}</div>`;
    const { guide, kinds } = form;
    const shared = { guide, kinds, names: this.vocabulary?.names ?? null, t, change: this.#change };
    const slots = Object.entries(guide.slots ?? {});
    const ids = guide.steps.map(({ id }) => id);
    return html`<div class="all"><div class="bar top"><button class="plain" ?disabled=${!this.done.length} @click=${() => this.#back('done', 'undone')}>${t('form.undo')}</button><button class="plain" ?disabled=${!this.undone.length} @click=${() => this.#back('undone', 'done')}>${t('form.redo')}</button></div>${trouble(this.error, t)}
      <section class="card" aria-label=${t('form.about')}><h2>${t('form.about')}</h2><div class="fields">
        ${this.#field(t('new.name'), ['title'])}${this.#field(t('new.owner'), ['owner'])}
        ${this.#field(t('form.from'), ['effective', 'from'], 'date')}${this.#field(t('form.until'), ['effective', 'until'], 'date')}</div></section>
      <form-opening .form=${shared} .at=${[]} .value=${guide}></form-opening>
      <section class="card" aria-label=${t('form.slots')}><h2>${t('form.slots')}</h2>
        <div>${repeat(slots, ([name]) => name, ([name, slot], i) => html`<form-slot .form=${shared} .at=${['slots', name]} .value=${slot} .name=${name} .position=${i} .count=${slots.length}></form-slot>`)}</div>
        ${slots.length ? nothing : html`<p class="tiny">${t('form.slots.none')}</p>`}
        <form class="add" @submit=${this.#addSlot}><label>${t('form.slot.new')}<input name="name" required pattern="[a-z][a-z0-9_]*" maxlength="40" title=${t('form.name.form')}></label><button class="plain">${t('form.slot.add')}</button></form></section>
      ${repeat(guide.steps, ({ id }, i) => (ids.indexOf(id) === i ? id : `${id} ${i}`), (step, i) => html`<form-step .form=${shared} .at=${['steps', i]} .value=${step} .kind=${kinds[i]} .here=${this.#isHere(i)}></form-step>`)}
      <div class="bar"><label>${t('form.kind')}<select id="kind">${KINDS.map((kind) => html`<option value=${kind}>${t(`kind.${kind}`)}</option>`)}</select></label><button class="plain" @click=${this.#addStep}>${t('form.add')}</button></div></div>`;
  }

  #field(label, at, type = 'text') {
    const was = at.reduce((here, part) => here?.[part], this.form.guide) ?? '';
    return html`<label>${label}<input type=${type} .value=${was} @change=${(e) => this.#change(new Edits(this.form.guide).put(at, e.target.value))}></label>`;
  }

  #addSlot = (event) => {
    event.preventDefault();
    const { name } = event.target.elements;
    const { guide } = this.form;
    if (name.value in (guide.slots ?? {})) return;
    this.#change(new Edits(guide).put(['slots', name.value], { label: name.value }));
    event.target.reset();
  };

  #addStep = () => {
    const { t } = this;
    const { guide } = this.form;
    const names = this.vocabulary?.names ?? {};
    const first = (table) => Object.keys(table ?? {})[0] ?? 'x';
    const id = free('step', guide.steps.map((step) => step.id));
    const last = guide.steps.at(-1).id;
    const made = {
      say: { say: t('form.new.say') },
      ask: { ask: first(guide.slots), say: t('form.new.say'), otherwise: last },
      diagnose: { diagnose: first(names.connectors), manual: last },
      offer: { offer: first(names.offers), only_if: 'solved' },
      ticket: { ticket: first(names.tickets) },
      handoff: { handoff: 'elite', say: t('form.new.say') },
      guide: { guide: first(names.guides) },
      end: { end: 'solved' },
    };
    const { value } = this.renderRoot.querySelector('#kind');
    this.#change(new Edits(guide).insert(['steps', guide.steps.length], { id, ...made[value] }));
  };

  #isHere(i) {
    const step = this.facts.steps[i];
    return Boolean(step) && step.line <= this.line && this.line <= step.end;
  }
}

customElements.define('guide-form', GuideForm);
