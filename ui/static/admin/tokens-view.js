// API tokens of machines: made, shown once, revoked.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { ticked, View } from './view.js';

const DAYS = [30, 90, 365, 730];
const SOON_MS = 30 * 86400_000;

class TokensView extends View {
  path = '/api/admin/tokens';

  async #add(event) {
    event.preventDefault();
    const form = event.target;
    const body = { name: new FormData(form).get('name'), uses: ticked(form, 'use'), roles: ticked(form, 'role'), days: Number(new FormData(form).get('days')) };
    let made = null;
    if (!(await this.attempt(async () => (made = await postJson(this.path, body))))) return;
    this.open = { what: 'made', text: made.text };
    this.load();
  }

  async #revoke(event, token) {
    event.preventDefault();
    if (await this.attempt(() => postJson(`${this.path}/${token.id}/revoke`))) {
      this.renderRoot.querySelector('dialog')?.close();
      this.load();
    }
  }

  async #copy() {
    await navigator.clipboard?.writeText(this.open.text);
    this.open = { ...this.open, copied: true };
  }

  render() {
    const { t } = this;
    return html`<div class="head"><h1>${t('tab.tokens')}</h1>
        <button class="primary" ?disabled=${!this.data} @click=${() => this.show({ what: 'add' })}>${icon('plug', 15)}${t('tok.add')}</button></div>
      <p class="lead">${t('tok.lead')}</p>${this.top()}
      ${this.data ? this.#table() : this.waiting()}
      ${this.open ? this.#dialog() : nothing}`;
  }

  #table() {
    const { t } = this;
    const { tokens } = this.data;
    if (!tokens.length) return html`<div class="card none"><strong>${t('tok.none')}</strong>${t('tok.none.text')}</div>`;
    const head = ['name', 'may', 'created', 'used', 'ends'].map((name) => html`<th scope="col">${t(`tok.${name}`)}</th>`);
    return html`<div class="card" tabindex="0" role="region" aria-label=${t('tab.tokens')}><table><thead><tr>${head}<th scope="col"><span class="sr">${t('acc.acts')}</span></th></tr></thead>
      <tbody>${tokens.map((token) => this.#row(token))}</tbody></table></div>`;
  }

  #row(token) {
    const { t } = this;
    const may = [...token.uses.map((use) => t(`use.${use}`)), ...token.roles.map((role) => t(`role.${role}`))];
    return html`<tr class=${token.revoked_at ? 'off' : ''}>
      <td><strong>${token.name}</strong> <span class="mono quiet">${token.id}</span></td>
      <td><span class="tags">${may.map((text) => html`<span class="tag">${text}</span>`)}</span></td>
      <td class="num">${this.moment(token.created_at)}</td><td class="num">${this.moment(token.used_at) || t('acc.never')}</td><td class="num">${this.#ends(token)}</td>
      <td class="acts">${token.revoked_at
        ? t('tok.revoked')
        : html`<button class="ghost" aria-label=${t('tok.revoke.named', { name: token.name })} @click=${() => this.show({ what: 'revoke', token })}>${t('tok.revoke')}</button>`}</td></tr>`;
  }

  /** When it ends, and a word where that has been or will be soon. */
  #ends(token) {
    const { t } = this;
    if (!token.ends_at) return t('tok.endless');
    const left_ms = Date.parse(token.ends_at) - Date.parse(this.data.now);
    const word = left_ms <= 0 ? 'ended' : left_ms < SOON_MS ? 'soon' : '';
    return html`${this.moment(token.ends_at)}${word && !token.revoked_at ? html` <span class="tag ${word === 'ended' ? 'bad' : 'warn'}">${t(`tok.${word}`)}</span>` : nothing}`;
  }

  #dialog() {
    const { t } = this;
    const { what, token } = this.open;
    if (what === 'made') return this.#made();
    if (what === 'revoke') {
      return this.dialog(t('tok.revoke.named', { name: token.name }), html`<p>${t('tok.revoke.text')}</p>
        <form @submit=${(event) => this.#revoke(event, token)}>${this.buttons(t('tok.revoke'), 'danger')}</form>`);
    }
    const boxes = (name, values, kind) => values.map((value) => html`<label><input type="checkbox" name=${name} value=${value}>${t(`${kind}.${value}`)}</label>`);
    return this.dialog(t('tok.add'), html`<form @submit=${this.#add}>
      <label class="field">${t('tok.name')}<input name="name" required maxlength="100" autocomplete="off"></label>
      <label class="field">${t('tok.days')}<select name="days">${DAYS.map((days) => html`<option value=${days} ?selected=${days === 365}>${t(`tok.days.${days}`)}</option>`)}</select></label>
      <fieldset><legend>${t('tok.uses')}</legend>${boxes('use', this.data.uses, 'use')}</fieldset>
      <fieldset><legend>${t('tok.roles')}</legend>${boxes('role', this.data.roles, 'role')}</fieldset>
      ${this.buttons(t('save'))}</form>`);
  }

  #made() {
    const { t } = this;
    return this.dialog(t('tok.made'), html`<p>${t('tok.made.text')}</p>
      <label class="field"><span class="sr">${t('tok.made')}</span><input class="mono" readonly .value=${this.open.text} @focus=${(event) => event.target.select()}></label>
      <div class="row made"><button class="plain" @click=${this.#copy}>${icon('copy', 15)}${t(this.open.copied ? 'tok.copied' : 'tok.copy')}</button>
        <button class="primary" @click=${() => this.renderRoot.querySelector('dialog').close()}>${t('close')}</button></div>`);
  }
}

customElements.define('tokens-view', TokensView);
