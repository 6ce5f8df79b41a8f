// One thing worth knowing: its name and kind, what it may be, by which words it is heard.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { FormPart } from './form-part.js';

const TYPES = ['text', 'choice', 'phone', 'account', 'amount', 'number', 'when', 'name', 'address'];
const SPEAKERS = ['customer', 'agent'];

class FormSlot extends FormPart {
  static properties = { ...FormPart.properties, name: {}, position: { type: Number }, count: { type: Number } };

  render() {
    const { t, value: slot, name, form } = this;
    const type = slot.type ?? (slot.choices ? 'choice' : 'text');
    const tools = this.tools('slot', this.position, this.count, name, {
      move: (to) => form.change(this.edits().move(this.at, to)),
      remove: () => this.gone(this.position, this.count),
    });
    return html`<details><summary>${icon('chevron-right', 14)}<code>${name}</code><span>${slot.label}</span><span class="tag">${t(`slot.${type}`)}</span>${slot.required ? html`<span class="tag accent">${t('form.required')}</span>` : nothing}</summary>
      <div><div class="fields">${this.words(['label'], t('form.label'))}${this.choose(['type'], t('form.type'), TYPES.map((id) => [id, t(`slot.${id}`)]), slot.type ? null : t(`slot.${type}`))}
        ${this.words(['from'], t('form.source'))}${type === 'choice' ? nothing : this.words(['pattern'], t('form.pattern'))}
        ${type === 'when' ? this.choose(['tense'], t('form.tense'), [['past', t('form.tense.past')], ['future', t('form.tense.future')]], t('form.any')) : nothing}
        ${this.tick(['required'], t('form.required'))}${this.#speakers()}</div>
        ${type === 'choice' || slot.choices ? this.#choices() : nothing}
        ${this.lines(['cues'], t('form.cues'))}
        <div class="bar"><span class="grow"></span>${tools}</div></div></details>`;
  }

  #speakers() {
    const { t } = this;
    const heard = this.value.speakers ?? ['customer'];
    const change = (who, on) => {
      const now = SPEAKERS.filter((one) => (one === who ? on : heard.includes(one)));
      this.put(['speakers'], now.length === 1 && now[0] === 'customer' ? '' : now);
    };
    return SPEAKERS.map((who) => html`<label class="check"><input type="checkbox" .checked=${heard.includes(who)} @change=${(e) => change(who, e.target.checked)}>${t(`form.heard.${who}`)}</label>`);
  }

  #choices() {
    const { t, form, at, name } = this;
    const choices = this.value.choices ?? {};
    const ids = Object.keys(choices);
    return html`<div><h3>${t('form.choices')}</h3>${ids.map((id, i) => html`<div class="row"><code>${id}</code><input aria-label=${t('form.choice.words', { id })} .value=${choices[id]} @change=${(e) => this.put(['choices', id], e.target.value)}>
        ${this.tools('choice', i, ids.length, id, { move: (to) => form.change(this.edits().move([...at, 'choices', id], to)), remove: () => form.change(this.edits().removeChoice(name, id)) })}</div>
        ${this.lines(['hear', id], t('form.hear', { id: choices[id] }))}`)}
      ${this.adding(t('form.choice.new'), t('form.choice.add'), (id) => this.put(['choices', id], id))}</div>`;
  }
}

customElements.define('form-slot', FormSlot);
