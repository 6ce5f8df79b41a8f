// Connections to the back office, each with a button that tries it.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { View } from './view.js';

class ConnectionsView extends View {
  path = '/api/admin/connections';

  async #try(event) {
    event.preventDefault();
    const { connection } = this.open;
    const body = { args: Object.fromEntries(new FormData(event.target)), lang: this.t.lang };
    this.open = { connection };
    const path = `${this.path}/${encodeURIComponent(connection.id)}/try`;
    await this.attempt(async () => (this.open = { connection, answer: await postJson(path, body) }));
  }

  render() {
    const { t } = this;
    return html`<div class="head"><h1>${t('tab.connections')}</h1></div><p class="lead">${t('con.lead')}</p>${this.top()}
      ${this.data?.desk === 'down' ? html`<div class="note" role="status">${icon('plug', 16)}<div><strong>${t('con.desk.down')}</strong><p>${t('con.desk.down.do')}</p></div></div>` : nothing}
      ${this.data ? this.#table() : this.waiting()}
      ${this.open ? this.#dialog() : nothing}`;
  }

  #table() {
    const { t } = this;
    const { connections } = this.data;
    if (!connections.length) return html`<div class="card none"><strong>${t('con.none')}</strong>${t('con.none.text')}</div>`;
    return html`<div class="card" tabindex="0" role="region" aria-label=${t('tab.connections')}><table>
      <thead><tr><th scope="col">${t('con.name')}</th><th scope="col">${t('con.to')}</th><th scope="col"><span class="sr">${t('acc.acts')}</span></th></tr></thead>
      <tbody>${connections.map((connection) => this.#row(connection))}</tbody></table></div>`;
  }

  #row(connection) {
    const { t } = this;
    const { id, title, method, to, secret } = connection;
    return html`<tr><td><strong>${title}</strong><br><span class="mono quiet">${id}</span></td>
      <td><span class="mono">${method} ${to}</span>${secret ? html` <span class="tag">${t('con.secret', { name: secret })}</span>` : nothing}</td>
      <td class="acts"><button class="plain" aria-label=${t('con.try.named', { title })} @click=${() => this.show({ connection })}>${t('con.try')}</button></td></tr>`;
  }

  #dialog() {
    const { t } = this;
    const { connection, answer } = this.open;
    const field = (name, needed) => html`<label class="field">${needed ? name : t('con.optional', { name })}<input name=${name} ?required=${needed} autocomplete="off" spellcheck="false"></label>`;
    return this.dialog(t('con.try.named', { title: connection.title }), html`<form @submit=${this.#try}>
      ${connection.args.map((name) => field(name, true))}${connection.optional.map((name) => field(name, false))}
      ${answer ? this.#answer(answer) : nothing}
      <div class="row"><button type="button" class="plain" @click=${() => this.renderRoot.querySelector('dialog').close()}>${t('close')}</button>
        <button class="primary" ?disabled=${this.busy}>${t(this.busy ? 'con.trying' : 'con.try')}</button></div></form>`);
  }

  #answer({ ok, took_ms, result, summary, trouble }) {
    const { t } = this;
    if (!ok) {
      return html`<div class="note" role="alert">${icon('circle-alert', 16)}<div><strong>${t('con.bad', { ms: took_ms })}</strong><p>${trouble.message} ${trouble.remedy}</p></div></div>`;
    }
    const shown = (value) => (typeof value === 'string' ? value : JSON.stringify(value));
    return html`<div role="status"><p class="done">${t('con.ok', { ms: took_ms })}</p>${summary ? html`<p>${summary}</p>` : nothing}
      <div class="card"><dl>${Object.entries(result).map(([key, value]) => html`<dt class="mono">${key}</dt><dd>${shown(value)}</dd>`)}</dl></div></div>`;
  }
}

customElements.define('connections-view', ConnectionsView);
