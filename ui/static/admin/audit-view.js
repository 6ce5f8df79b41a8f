// The audit log, filtered and by pages.

import { html } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { View } from './view.js';

const PAGE = 50;
const ACTIONS = ['sign_in', 'sign_out', 'account', 'token', 'request', 'call.opened', 'connection', 'retention'];
const OUTCOMES = ['done', 'failed', 'refused'];

class AuditView extends View {
  constructor() {
    super();
    this.filter = {};
    this.offset = 0;
  }

  get path() {
    const given = Object.fromEntries(Object.entries(this.filter).filter(([, value]) => value));
    return `/api/admin/audit?${new URLSearchParams({ ...given, limit: PAGE, offset: this.offset })}`;
  }

  #filter(event) {
    event.preventDefault();
    this.filter = Object.fromEntries(new FormData(event.currentTarget));
    this.#go(0);
  }

  #go(offset) {
    this.offset = offset;
    this.load();
  }

  render() {
    const { t } = this;
    const choices = (name, values) => html`<select name=${name}><option value="">${t('aud.all')}</option>${values.map((value) => html`<option value=${value}>${t(`${name}.${value}`)}</option>`)}</select>`;
    return html`<div class="head"><h1>${t('tab.audit')}</h1></div><p class="lead">${t('aud.lead')}</p>${this.top()}
      <form class="filters" role="search" aria-label=${t('tab.audit')} @change=${this.#filter} @submit=${this.#filter}>
        <label class="field">${t('aud.who')}<input name="who" autocomplete="off" spellcheck="false"></label>
        <label class="field">${t('aud.action')}${choices('action', ACTIONS)}</label>
        <label class="field">${t('aud.outcome')}${choices('outcome', OUTCOMES)}</label>
        <label class="field">${t('aud.since')}<input type="date" name="since"></label>
        <label class="field">${t('aud.until')}<input type="date" name="until"></label>
      </form>
      ${this.data ? this.#page() : this.waiting()}`;
  }

  #page() {
    const { t } = this;
    const { entries, count, offset } = this.data;
    if (!entries.length) return html`<div class="card none"><strong>${t('aud.none')}</strong>${t('aud.none.text')}</div>`;
    const head = ['at', 'who', 'action', 'what', 'outcome'].map((name) => html`<th scope="col">${t(`aud.${name}`)}</th>`);
    const level = { done: '', failed: 'warn', refused: 'warn' };
    return html`<div class="card" tabindex="0" role="region" aria-label=${t('tab.audit')}><table><thead><tr>${head}</tr></thead><tbody>${entries.map((entry) => html`<tr>
        <td class="num">${this.moment(entry.at)}</td><td>${entry.who}</td><td>${t(`action.${entry.action}`)}</td>
        <td>${entry.what}</td><td><span class="tag ${level[entry.outcome]}">${t(`outcome.${entry.outcome}`)}</span></td></tr>`)}</tbody></table></div>
      <div class="pager"><span class="num" role="status">${t('aud.page', { from: offset + 1, to: offset + entries.length, count })}</span>
        <button class="plain" ?disabled=${offset === 0} @click=${() => this.#go(Math.max(0, offset - PAGE))}>${icon('chevron-left', 15)}${t('aud.newer')}</button>
        <button class="plain" ?disabled=${offset + entries.length >= count} @click=${() => this.#go(offset + PAGE)}>${t('aud.older')}${icon('chevron-right', 15)}</button></div>`;
  }
}

customElements.define('audit-view', AuditView);
