// After the sound is over: how it ended, in two decisions, or what the system concluded.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { act, effectOf } from './act.js';
import { filedNote } from './ticket-form.js';
import { filedStyles } from './ticket-styles.js';

const OUTCOMES = ['solved', 'ticket', 'escalated', 'uncovered'];

export class WrapUp extends LitElement {
  static properties = {
    wrapped: { attribute: false },
    tickets: { attribute: false },
    guess: {}, // outcome to begin with: a filed ticket or a hand-over says it already
    broken: { type: Boolean },
    busy: { attribute: false },
    readonly: { type: Boolean },
    t: { attribute: false },
    outcome: { state: true },
  };

  static styles = [base, filedStyles, css`
    .card { padding: var(--s-4); }
    h2 { font-size: var(--t-lg); line-height: var(--lh-tight); }
    .lead { font-size: var(--t-sm); color: var(--ink-2); margin-top: 2px; }
    .filed { margin-top: var(--s-3); }
    form { display: grid; gap: var(--s-3); margin-top: var(--s-3); }
    fieldset { border: 0; padding: 0; margin: 0; min-width: 0; }
    legend, label.name { font-size: var(--t-xs); color: var(--ink-2); padding: 0; display: block; margin-bottom: 4px; }
    .segments { display: grid; grid-template-columns: repeat(auto-fit, minmax(72px, 1fr)); gap: 3px; padding: 3px; border-radius: var(--r-2); background: var(--track); }
    .segments label { display: grid; place-items: center; min-height: 32px; border-radius: var(--r-1); font-size: var(--t-sm); color: var(--ink-2); cursor: pointer; transition: background var(--fast); }
    .segments input { position: absolute; opacity: 0; width: 1px; min-height: 1px; height: 1px; }
    .segments label:has(:checked) { background: var(--raised); color: var(--ink); font-weight: var(--w-medium); box-shadow: var(--shadow); }
    .segments label:has(:focus-visible) { outline: 2px solid var(--focus); outline-offset: 1px; }
    .result { display: grid; grid-template-columns: auto 1fr; gap: 4px var(--s-3); margin-top: var(--s-3); font-size: var(--t-sm); }
    dt { color: var(--ink-3); }
    .head { display: flex; align-items: center; gap: var(--s-2); }
    .head .icon { color: var(--ok); }
  `];

  constructor() {
    super();
    this.outcome = '';
    this.tickets = [];
  }

  render() {
    const { t, wrapped } = this;
    return html`<section class="card" aria-label=${t('wrap')}>
      ${wrapped ? this.#saved() : this.#form()}
    </section>`;
  }

  #saved() {
    const { t, wrapped } = this;
    return html`
      <h2 class="head">${icon('check', 17)}${t('wrap.saved')}</h2>
      ${this.broken ? html`<p class="lead">${t('wrap.broken')}</p>` : nothing}
      <dl class="result">
        <dt>${t('wrap.outcome')}</dt>
        <dd>${t(`outcome.${wrapped.outcome}`)} <span class="quiet">· ${t(wrapped.by === 'agent' ? 'wrap.by.agent' : 'wrap.by.system')}</span></dd>
        ${wrapped.disposition ? html`<dt>${t('wrap.disposition')}</dt><dd>${wrapped.disposition}</dd>` : nothing}
      </dl>
      ${this.tickets.map((ticket) => filedNote(ticket, t))}`;
  }

  #form() {
    const { t } = this;
    const chosen = this.outcome || this.guess;
    return html`
      <h2>${t('wrap')}</h2>
      <p class="lead">${t(this.broken ? 'wrap.broken' : this.readonly ? 'wrap.open' : 'wrap.text')}</p>
      ${this.tickets.map((ticket) => filedNote(ticket, t))}
      ${this.readonly ? nothing : html`<form @submit=${this.#save}>
        <fieldset><legend>${t('wrap.outcome')}</legend>
          <div class="segments">${OUTCOMES.map(
            (outcome) => html`<label><input type="radio" name="outcome" value=${outcome} .checked=${chosen === outcome}
              @change=${() => (this.outcome = outcome)}>${t(`outcome.${outcome}`)}</label>`,
          )}</div>
        </fieldset>
        <div><label class="name" for="disposition">${t('wrap.disposition')}</label>
          <textarea id="disposition" name="disposition" rows="2" placeholder=${t('wrap.disposition.hint')}></textarea></div>
        <div><button class="primary" ?disabled=${this.busy.has(effectOf({ kind: 'wrap_up' }))}>${t('wrap.save')}</button></div>
      </form>`}`;
  }

  #save(event) {
    event.preventDefault();
    const disposition = new FormData(event.target).get('disposition').trim();
    act(this, 'wrap_up', { outcome: this.outcome || this.guess || null, disposition });
  }
}

customElements.define('wrap-up', WrapUp);
