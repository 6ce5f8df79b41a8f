// Signing in: by password, as one of a demo's people, by the company's account; or, where there is
// no account yet, making the first administrator. Afterwards back to the page that was asked for.

import { LitElement, html, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { keep } from '../kept.js';
import { linkTo } from '../server.js';
import { chosenLanguage, translatorOf } from '../texts.js';
import { signInStyles } from './sign-in-styles.js';
import { SIGN_IN_TEXTS } from './sign-in-texts.js';
import '../vendor/page-icons.js';

const translator = translatorOf(SIGN_IN_TEXTS);
const KNOWN = { 'account.password': 'password', 'account.login': 'login' };

class SignInPage extends LitElement {
  static properties = {
    language: { state: true }, ways: { state: true }, trouble: { state: true }, busy: { state: true },
    shown: { state: true }, caps: { state: true }, waitUntil: { state: true }, now: { state: true },
  };

  static styles = [base, signInStyles];

  constructor() {
    super();
    this.language = chosenLanguage();
    const query = new URLSearchParams(location.search);
    this.next = query.get('next') ?? linkTo('/');
    const trouble = query.get('trouble');
    this.trouble = trouble ? { name: trouble.split('.').pop() } : null;
    this.waitUntil = 0;
    this.now = Date.now();
  }

  connectedCallback() {
    super.connectedCallback();
    this.#ask();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.ticking);
  }

  updated() {
    const t = translator(this.language);
    document.documentElement.lang = t.tag;
    document.title = `${t('sign.title')} · ${t('app')}`;
  }

  async #ask() {
    const ways = await fetch(linkTo('/api/sign-in')).then((answer) => (answer.ok ? answer.json() : null), () => null);
    this.trouble = ways ? (this.trouble?.name === 'offline' ? null : this.trouble) : { name: 'offline' };
    this.ways = ways;
    await this.updateComplete;
    this.renderRoot.querySelector('input')?.focus();
  }

  async #send(path, body) {
    if (this.busy) return;
    this.busy = true;
    this.trouble = null;
    const options = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await fetch(linkTo(path), options).catch(() => null);
    const said = await answer?.json().catch(() => ({}));
    this.busy = false;
    if (answer?.ok) this.#goOn();
    else this.#failed(said);
  }

  /** The address was made elsewhere: only a path of this server is gone to. */
  #goOn() {
    const to = new URL(this.next, location.origin);
    location.assign(this.next.startsWith('/') && to.origin === location.origin ? to : linkTo('/'));
  }

  #failed(said) {
    const name = said ? KNOWN[said.code] ?? said.code?.split('.').pop() : 'offline';
    this.trouble = { name: `trouble.${name}` in SIGN_IN_TEXTS ? name : 'offline' };
    if (name === 'set_up') this.#ask();
    if (name === 'wait') this.#waitFor(Number(said.values.seconds));
    const field = this.renderRoot.querySelector(name === 'code' ? '[name=code]' : '[name=password]');
    field?.select();
  }

  #waitFor(seconds) {
    this.now = Date.now();
    this.waitUntil = this.now + seconds * 1000;
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      this.now = Date.now();
      if (this.now >= this.waitUntil) clearInterval(this.ticking);
    }, 500);
  }

  #submit(event) {
    event.preventDefault();
    const given = Object.fromEntries(new FormData(event.target));
    this.#send(this.ways.set_up ? '/api/set-up' : '/api/sign-in', given);
  }

  #toggle() {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    keep('lang', this.language);
  }

  get #waits() {
    return Math.max(0, Math.ceil((this.waitUntil - this.now) / 1000));
  }

  render() {
    const t = translator(this.language);
    return html`<main>
      <div class="top"><img src=${linkTo('/static/design/icon.svg')} alt=""><span>${t('app')}</span>
        <button class="plain" aria-label=${t('lang.toggle')} @click=${this.#toggle}>${icon('languages', 15)}${t('lang.short')}</button></div>
      <div class="card">${this.#inside(t)}</div>
    </main>`;
  }

  #inside(t) {
    if (this.ways === undefined) return html`<p class="quiet" role="status">${t('loading')}</p>`;
    if (!this.ways) {
      return html`<h1>${t('sign.title')}</h1>${this.#trouble(t)}
        <button class="plain wide" @click=${this.#ask}>${icon('rotate-cw', 15)}${t('trouble.again')}</button>`;
    }
    return this.ways.set_up ? this.#setUp(t) : this.#signIn(t);
  }

  #signIn(t) {
    const { demo, oidc } = this.ways;
    return html`<h1>${t('sign.title')}</h1>
      ${this.#trouble(t)}
      ${demo.length ? this.#demo(t) : nothing}
      ${oidc ? html`<a class="primary wide" href=${linkTo(`/sign-in/oidc?next=${encodeURIComponent(this.next)}`)}>${t('sign.oidc')}</a>` : nothing}
      ${demo.length || oidc ? html`<p class="or"><span>${t(demo.length ? 'demo.by' : 'sign.or')}</span></p>` : nothing}
      <form @submit=${this.#submit}>
        ${this.#field(t('sign.login'), 'login', 'username')}
        ${this.#password(t, 'current-password')}
        <button class=${demo.length || oidc ? 'plain wide' : 'primary wide'} ?disabled=${this.busy || this.#waits > 0}>${t(this.busy ? 'sign.going' : 'sign.go')}</button>
        <p class="hint">${t('sign.forgotten')}</p>
      </form>`;
  }

  #demo(t) {
    return html`<h2 id="demo">${t('demo.title')}</h2>
      <ul class="people" aria-labelledby="demo">${this.ways.demo.map(({ login, name }) => html`<li>
        <button class="plain" ?disabled=${this.busy} @click=${() => this.#send('/api/sign-in', { login, demo: true })}>
          <span>${name}</span><span class="quiet">${t(`role.${login}`)}</span></button></li>`)}</ul>`;
  }

  #setUp(t) {
    return html`<h1>${t('setup.title')}</h1><p class="lead">${t('setup.lead')}</p>
      ${this.#trouble(t)}
      <form @submit=${this.#submit}>
        ${this.#field(t('setup.code'), 'code', 'one-time-code', 'XXXX-XXXX-XXXX')}
        ${this.#field(t('sign.login'), 'login', 'username')}
        ${this.#field(t('setup.name'), 'name', 'name')}
        ${this.#password(t, 'new-password', t('setup.rule', { n: this.ways.shortest_password }))}
        <button class="primary wide" ?disabled=${this.busy || this.#waits > 0}>${t(this.busy ? 'sign.going' : 'setup.go')}</button>
      </form>`;
  }

  #field(label, name, autocomplete, placeholder = '') {
    return html`<label>${label}<input name=${name} autocomplete=${autocomplete} placeholder=${placeholder} autocapitalize="none"
      spellcheck="false" maxlength="64" ?required=${name !== 'name'}></label>`;
  }

  #password(t, autocomplete, rule = '') {
    const caps = (event) => (this.caps = event.getModifierState?.('CapsLock') ?? false);
    return html`<div class="field"><label for="password">${t('sign.password')}</label>
      <span class="secret"><input id="password" name="password" type=${this.shown ? 'text' : 'password'} autocomplete=${autocomplete} required
        aria-describedby="rule" @keydown=${caps} @keyup=${caps}>
      <button type="button" class="icon-button" aria-label=${t(this.shown ? 'sign.hide' : 'sign.show')} @click=${() => (this.shown = !this.shown)}>${icon(this.shown ? 'eye-off' : 'eye', 16)}</button></span>
      <p class="hint" id="rule">${this.caps ? html`<strong>${t('sign.caps')}</strong> ` : nothing}${rule}</p></div>`;
  }

  #trouble(t) {
    if (!this.trouble || !(`trouble.${this.trouble.name}` in SIGN_IN_TEXTS)) return nothing;
    const { name } = this.trouble;
    if (name === 'wait' && !this.#waits) return html`<p class="hint" role="status">${t('trouble.ready')}</p>`;
    const todo = name === 'password'
      ? t('setup.rule', { n: this.ways?.shortest_password })
      : t(`trouble.${name}.do`, { seconds: this.#waits });
    return html`<div class="trouble" role="alert">${icon('circle-alert', 16)}<div><strong>${t(`trouble.${name}`)}</strong><p>${todo}</p></div></div>`;
  }
}

customElements.define('sign-in-page', SignInPage);
