// When a guide opens by itself: what the record says for it, what the customer says against it.

import { html } from '../vendor/lit.js';
import { FormPart, weightField } from './form-part.js';

class FormOpening extends FormPart {
  render() {
    const { t, form } = this;
    const { names } = form;
    const pairs = (table) => Object.entries(table ?? {}).map(([id, one]) => [id, typeof one === 'string' ? one : (one.title ?? id)]);
    const opens = this.value.opens_when ?? {};
    const once = opens.once_a_call ?? true;
    return html`<section class="card" aria-label=${t('form.opening')}><h2>${t('form.opening')}</h2>
      ${this.table(['opens_when', 'tags'], t('form.tags'), (names?.tags ?? []).map((id) => [id, names.tag_names[id][t.lang]]), weightField)}
      ${this.table(['opens_when', 'tickets'], t('form.tickets'), pairs(names?.tickets), weightField)}
      ${this.table(['opens_when', 'last_call'], t('form.last_call'), pairs(names?.guides), weightField)}
      <p class="tiny">${t('form.weights')}</p>
      <div class="fields">${this.words(['opens_when', 'last_call_days'], t('form.last_call_days'), { type: 'number' })}${this.words(['opens_when', 'priority'], t('form.priority'), { type: 'number' })}
        ${once ? '' : this.words(['opens_when', 'cooldown_min'], t('form.cooldown_min'), { type: 'number' })}${this.tick(['opens_when', 'once_a_call'], t('form.once_a_call'), true)}</div>
      ${this.lines(['opens_when', 'not_said'], t('form.not_said'))}
      ${this.lines(['must_not_say'], t('form.must_not_say'))}</section>`;
  }
}

customElements.define('form-opening', FormOpening);
