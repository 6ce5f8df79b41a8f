// Accounts: who may sign in, as what.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { ticked, View } from './view.js';

class AccountsView extends View {
  path = '/api/admin/accounts';

  async #change(event, login, body, path = `${this.path}/${encodeURIComponent(login)}`) {
    event.preventDefault();
    const done = this.t('acc.saved', { login });
    if (await this.attempt(() => postJson(path, body), done)) {
      this.renderRoot.querySelector('dialog')?.close();
      this.load();
    }
  }

  #add(event) {
    const { login, name, password } = Object.fromEntries(new FormData(event.target));
    this.#change(event, login, { login, name, password, roles: ticked(event.target, 'role') }, this.path);
  }

  #edit(event, account) {
    const { name } = Object.fromEntries(new FormData(event.target));
    this.#change(event, account.login, { name, roles: ticked(event.target, 'role') });
  }

  render() {
    const { t } = this;
    return html`<div class="head"><h1>${t('tab.accounts')}</h1>
        <button class="primary" @click=${() => this.show({ what: 'add' })}>${icon('user', 15)}${t('acc.add')}</button></div>
      <p class="lead">${t('acc.lead')}</p>${this.top()}
      ${this.data ? this.#table() : this.waiting()}
      ${this.open ? this.#dialog() : nothing}`;
  }

  #table() {
    const { t } = this;
    const head = ['login', 'name', 'roles', 'source', 'last', 'state'].map((name) => html`<th scope="col">${t(`acc.${name}`)}</th>`);
    return html`<div class="card" tabindex="0" role="region" aria-label=${t('tab.accounts')}><table><thead><tr>${head}<th scope="col"><span class="sr">${t('acc.acts')}</span></th></tr></thead>
      <tbody>${this.data.accounts.map((account) => this.#row(account))}</tbody></table></div>`;
  }

  #row(account) {
    const { t } = this;
    const { login, name, roles, source, disabled, signed_in_at } = account;
    return html`<tr class=${disabled ? 'off' : ''}>
      <td><strong>${login}</strong></td><td>${name}</td>
      <td><span class="tags">${roles.length ? roles.map((role) => html`<span class="tag">${t(`role.${role}`)}</span>`) : html`<span class="tag warn">${t('acc.noroles')}</span>`}</span></td>
      <td>${t(`source.${source}`)}</td>
      <td class="num">${this.moment(signed_in_at) || t('acc.never')}</td>
      <td>${t(disabled ? 'acc.off' : 'acc.on')}</td>
      <td class="acts">
        <button class="ghost" aria-label=${t('acc.edit.named', { login })} @click=${() => this.show({ what: 'edit', account })}>${t('acc.edit')}</button>
        ${source === 'local' ? html`<button class="ghost" aria-label=${t('acc.reset.named', { login })} @click=${() => this.show({ what: 'reset', account })}>${t('acc.reset')}</button>` : nothing}
        ${disabled
          ? html`<button class="ghost" @click=${(event) => this.#change(event, login, { disabled: false })}>${t('acc.enable')}</button>`
          : html`<button class="ghost" @click=${() => this.show({ what: 'disable', account })}>${t('acc.disable')}</button>`}
      </td></tr>`;
  }

  #dialog() {
    const { t } = this;
    const { what, account } = this.open;
    const login = account?.login;
    if (what === 'add') {
      return this.dialog(t('acc.add'), html`<form @submit=${this.#add}>
        <label class="field">${t('acc.login')}<input name="login" required maxlength="64" autocomplete="off" autocapitalize="none" spellcheck="false"></label>
        <label class="field">${t('acc.name')}<input name="name" maxlength="100" autocomplete="off"></label>
        ${this.#roles([])}${this.#password()}${this.buttons(t('save'))}</form>`);
    }
    if (what === 'edit') {
      return this.dialog(t('acc.edit.named', { login }), html`<form @submit=${(event) => this.#edit(event, account)}>
        <label class="field">${t('acc.name')}<input name="name" maxlength="100" .value=${account.name} autocomplete="off"></label>
        ${this.#roles(account.roles)}${this.buttons(t('save'))}</form>`);
    }
    if (what === 'reset') {
      const reset = (event) => this.#change(event, login, { password: new FormData(event.target).get('password') });
      return this.dialog(t('acc.reset.named', { login }), html`<p>${t('acc.reset.text')}</p>
        <form @submit=${reset}>${this.#password()}${this.buttons(t('save'))}</form>`);
    }
    return this.dialog(t('acc.disable.named', { login }), html`<p>${t('acc.disable.text')}</p>
      <form @submit=${(event) => this.#change(event, login, { disabled: true })}>${this.buttons(t('acc.disable'), 'danger')}</form>`);
  }

  #roles(chosen) {
    const { t } = this;
    return html`<fieldset><legend>${t('acc.roles')}</legend>${this.data.roles.map((role) => html`<label>
      <input type="checkbox" name="role" value=${role} ?checked=${chosen.includes(role)}>${t(`role.${role}`)}</label>`)}</fieldset>`;
  }

  #password() {
    const { t } = this;
    return html`<label class="field">${t('acc.password')}<input type="password" name="password" required autocomplete="new-password">
      <span class="hint">${t('acc.rule')}</span></label>`;
  }
}

customElements.define('accounts-view', AccountsView);
