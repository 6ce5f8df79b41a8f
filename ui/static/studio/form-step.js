// One step of the form: what is said, what is heard, and where it goes from there.

import { html, css, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { FormPart, templateField } from './form-part.js';

const NAMED = { diagnose: 'connectors', offer: 'offers', ticket: 'tickets', guide: 'guides' };
const OUTCOMES = ['solved', 'ticket', 'escalated', 'uncovered'];
const SPEAKS = ['say', 'ask', 'diagnose', 'handoff', 'end', 'ticket', 'offer'];

class FormStep extends FormPart {
  static properties = { ...FormPart.properties, kind: {}, here: { type: Boolean, reflect: true } };

  static styles = [FormPart.styles, css`
    :host([here]) .card { border-color: var(--accent); }
    .card { gap: var(--s-2); }
    header { display: flex; gap: var(--s-2); align-items: center; }
    header input { font: var(--t-sm) var(--font-mono); max-width: 220px; min-height: 28px; }
    .way { display: grid; grid-template-columns: minmax(100px, 1fr) 18px minmax(140px, 1fr) auto; gap: var(--s-2); align-items: center; font-size: var(--t-sm); padding: 2px 0; }
    .way > span:first-child { overflow-wrap: anywhere; }
    .way select, .way input { width: 100%; }
  `];

  get #i() {
    return this.at[1];
  }

  render() {
    const { t, value: step, kind, form } = this;
    const count = form.guide.steps.length;
    const tools = this.tools('step', this.#i, count, step.id, {
      move: (to) => form.change(this.edits().move(this.at, to)),
      remove: count > 1 ? () => this.gone(this.#i, count) : null,
    });
    return html`<section class="card" aria-label=${t('form.step', { id: step.id })}>
      <header><span class="tag">${t(`kind.${kind}`)}</span><input aria-label=${t('form.id', { id: step.id })} pattern="[a-z][a-z0-9_\\-]*" .value=${step.id} @change=${this.#rename}><span class="grow"></span>${tools}</header>
      ${SPEAKS.includes(kind) ? this.words(['say'], t('form.say'), { rows: 2 }) : nothing}
      <div class="fields">${this.words(['title'], t('form.title'))}${this.#named()}${kind === 'end' ? this.words(['disposition'], t('form.disposition')) : nothing}
        ${['say', 'ask', 'handoff', 'end'].includes(kind) ? this.tick(['must_say'], t('form.must_say')) : nothing}${['say', 'ticket'].includes(kind) ? this.tick(['solves'], t('form.solves')) : nothing}</div>
      ${kind === 'end' ? nothing : html`<div>${this.#ways()}</div>`}
      ${kind === 'ask' ? this.#hears() : nothing}${this.#texts()}${this.#more()}</section>`;
  }

  #rename = ({ target }) => {
    const { form, value } = this;
    const taken = form.guide.steps.some(({ id }) => id === target.value);
    if (!target.reportValidity() || taken || !target.value) target.value = value.id;
    else form.change(this.edits().renameStep(this.#i, target.value));
  };

  /** What the step asks, runs, offers, files, or ends with. */
  #named() {
    const { t, kind, form } = this;
    const { names, guide } = form;
    if (kind === 'ask') return this.choose(['ask'], t('form.key.ask'), Object.entries(guide.slots ?? {}).map(([id, slot]) => [id, slot.label]));
    if (kind === 'end') return this.choose(['end'], t('form.key.end'), OUTCOMES.map((id) => [id, t(`outcome.${id}`)]));
    if (kind === 'handoff') return this.words(['handoff'], t('form.key.handoff'));
    if (!(kind in NAMED) || !names) return nothing;
    return this.choose([kind], t(`form.key.${kind}`), Object.entries(names[NAMED[kind]]).map(([id, one]) => [id, typeof one === 'string' ? one : (one.title ?? id)]));
  }

  #way(label, path, name = label, tools = nothing) {
    const { t, form } = this;
    const ids = form.guide.steps.map(({ id }) => [id, id]);
    const was = path.reduce((here, part) => here?.[part], this.value) ?? '';
    return html`<div class="way"><span>${label}</span>${icon('chevron-right', 14)}${this.select(was, ids, (id) => this.put(path, id), t('form.below'), name)}${tools}</div>`;
  }

  #ways() {
    const { t, value: step, kind, form } = this;
    const choices = kind === 'ask' ? Object.entries(form.guide.slots?.[step.ask]?.choices ?? {}) : [];
    return html`${choices.map(([choice, label]) => this.#way(label, ['choices', choice]))}${kind === 'diagnose' ? this.#cases() : nothing}
      ${kind === 'ask' ? this.#way(t('form.otherwise'), ['otherwise']) : nothing}${kind === 'diagnose' ? this.#way(t('form.manual'), ['manual']) : nothing}
      ${this.#way(t('form.next'), ['next'])}`;
  }

  #cases() {
    const { t, value: step, form, at } = this;
    const cases = step.cases ?? [];
    const place = (i) => [...at, 'cases', i];
    const new_ = { when: 'result.ok', next: step.manual ?? step.next ?? step.id };
    return html`${cases.map((one, i) => this.#way(
      one.when === undefined && i === cases.length - 1 ? t('form.else') : html`<input aria-label=${t('form.case', { number: i + 1 })} .value=${one.when ?? ''} @change=${(e) => this.put(['cases', i, 'when'], e.target.value)}>`,
      ['cases', i, 'next'],
      t('form.case.next', { number: i + 1 }),
      this.tools('case', i, cases.length, t('form.case', { number: i + 1 }), { move: (to) => form.change(this.edits().move(place(i), to)), remove: () => form.change(this.edits().remove(place(i))) }),
    ))}<div class="add"><button class="ghost" @click=${() => form.change(this.edits().insert(place(Math.max(0, cases.findIndex((one) => !one.when))), new_))}>${t('form.case.add')}</button></div>`;
  }

  /** Phrases that count only as the answer to this question. */
  #hears() {
    const { t, value: step, form } = this;
    const choices = Object.entries(form.guide.slots?.[step.ask]?.choices ?? {});
    if (!choices.length) return nothing;
    const count = Object.values(step.hear ?? {}).flat().length;
    return html`<details><summary>${icon('chevron-right', 14)}${t('form.hear.here')}<span class="tag">${t('form.lines', { count })}</span></summary><div>${choices.map(([choice, label]) => this.lines(['hear', choice], t('form.hear', { id: label })))}</div></details>`;
  }

  /** Texts with values in them: what a system is asked, what its answer fills, what a ticket says. */
  #texts() {
    const { t, value: step, kind, form } = this;
    const { names, guide } = form;
    const slots = Object.entries(guide.slots ?? {}).map(([id, slot]) => [id, slot.label]);
    if (kind === 'diagnose') {
      const args = Object.keys(names?.connectors[step.diagnose] ?? {}).map((id) => [id, id]);
      return html`${this.table(['with'], t('form.with'), args, templateField)}${this.table(['fills'], t('form.fills'), slots, templateField)}${this.words(['summary'], t('form.summary'))}`;
    }
    if (kind !== 'ticket') return nothing;
    const fields = Object.entries(names?.tickets[step.ticket]?.fields ?? {});
    return this.table(['fill'], t('form.fill'), fields, templateField);
  }

  #more() {
    const { t, value: step, kind } = this;
    const set = ['only_if', 'policy', 'must_not_say', 'timeout_s'].filter((key) => step[key] !== undefined).length;
    return html`<details><summary>${icon('chevron-right', 14)}${t('form.more')}${set ? html`<span class="tag">${set}</span>` : nothing}</summary><div>
      <div class="fields">${this.words(['only_if'], t('form.only_if'))}${kind === 'diagnose' ? this.words(['timeout_s'], t('form.timeout_s'), { type: 'number' }) : nothing}</div>
      ${this.lines(['must_not_say'], t('form.must_not_say.step'))}${this.#policy()}</div></details>`;
  }

  /** The official position comes whole: a text, where it stands, until when it holds. */
  #policy() {
    const { t, value: step, form } = this;
    const fresh = { text: t('form.policy.text'), source: t('form.policy.source'), valid_until: `${new Date().getFullYear() + 1}-12-31` };
    if (!step.policy) return html`<div class="add"><button class="ghost" @click=${() => this.put(['policy'], fresh)}>${t('form.policy.add')}</button></div>`;
    return html`<div><h3>${t('form.policy')}</h3>${this.words(['policy', 'text'], t('form.policy.text'), { rows: 2 })}<div class="fields">${this.words(['policy', 'source'], t('form.policy.source'))}${this.words(['policy', 'valid_until'], t('form.policy.until'), { type: 'date' })}</div>
      <div class="add"><button class="ghost" @click=${() => form.change(this.edits().remove([...this.at, 'policy']))}>${t('form.policy.remove')}</button></div></div>`;
  }
}

customElements.define('form-step', FormStep);
