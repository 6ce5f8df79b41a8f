// How long what is kept is kept; what a run would take away, and taking it away.

import { html, nothing } from '../vendor/lit.js';
import { getJson, postJson } from '../shell/api.js';
import { View } from './view.js';

const KINDS = ['calls', 'tickets', 'audit'];

class RetentionView extends View {
  path = '/api/admin/retention';

  async #save(event) {
    event.preventDefault();
    const given = new FormData(event.target);
    const rules = Object.fromEntries(KINDS.map((kind) => [`${kind}_days`, Number(given.get(kind))]));
    const saved = await this.attempt(async () => (this.data = await postJson(this.path, { ...rules, was: this.data.rules })), this.t('ret.saved'));
    if (!saved && this.trouble.code === 'retention.changed') this.data = await getJson(this.path).catch(() => this.data);
  }

  async #run(event) {
    event.preventDefault();
    let gone = {};
    const done = await this.attempt(async () => {
      this.data = await postJson(`${this.path}/run`);
      gone = this.data.gone;
    });
    if (!done) return;
    this.renderRoot.querySelector('dialog').close();
    this.said = this.t('ret.gone', gone);
  }

  render() {
    const { t } = this;
    return html`<div class="head"><h1>${t('tab.retention')}</h1></div><p class="lead">${t('ret.lead')}</p>${this.top()}
      ${this.data ? html`${this.#rules()}${this.#due()}` : this.waiting()}
      ${this.open ? this.dialog(t('ret.run.ask'), html`<p>${t('ret.run.text')}</p><form @submit=${this.#run}>${this.buttons(t('ret.run'), 'danger')}</form>`) : nothing}`;
  }

  #rules() {
    const { t } = this;
    return html`<form class="card pad" @submit=${this.#save}>
      <div class="filters">${KINDS.map((kind) => html`<label class="field">${t(`ret.${kind}`)} (${t('ret.days')})
        <input type="number" name=${kind} min="0" max="36500" step="1" required .value=${String(this.data.rules[`${kind}_days`])} aria-describedby="zero"></label>`)}</div>
      <div class="row"><span class="hint" id="zero">${t('ret.zero')}</span><button class="primary" ?disabled=${this.busy}>${t('save')}</button></div></form>`;
  }

  #due() {
    const { t } = this;
    const { due } = this.data;
    const any = due.calls || due.tickets || due.audit;
    return html`<section><h2>${t('ret.due')}</h2><div class="card pad">
      ${any
        ? html`<ul>${due.calls ? html`<li>${t('ret.due.calls', { n: due.calls, events: due.events })}</li>` : nothing}
            ${due.tickets ? html`<li>${t('ret.due.tickets', { n: due.tickets })}</li>` : nothing}
            ${due.audit ? html`<li>${t('ret.due.audit', { n: due.audit })}</li>` : nothing}</ul>
            <div class="row"><button class="plain danger" @click=${() => this.show({ what: 'run' })}>${t('ret.run')}</button></div>`
        : html`<p class="quiet">${t('ret.nothing')}</p>`}
      ${due.held ? html`<p class="hint">${t('ret.held', { n: due.held })}</p>` : nothing}</div></section>`;
  }
}

customElements.define('retention-view', RetentionView);
