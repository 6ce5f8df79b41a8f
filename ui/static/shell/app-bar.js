// The bar above every page: where one is, where one may go, who one is, and the language.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { keep } from '../kept.js';
import { linkTo, pathHere } from '../server.js';
import { chosenLanguage, translatorOf } from '../texts.js';
import { me, signOut } from './api.js';
import './own-password.js';
import { PAGES } from './pages.js';
import { SHELL_TEXTS } from './shell-texts.js';
import '../vendor/page-icons.js';

const translator = translatorOf(SHELL_TEXTS);

/** Pages listen for `language` on window: the detail is 'zh' or 'en'. */
export class AppBar extends LitElement {
  static properties = { language: {}, person: { state: true }, failed: { state: true } };

  static styles = [base, css`
    :host { position: sticky; top: 0; z-index: 5; background: var(--surface); border-bottom: 1px solid var(--line); }
    .bar { display: flex; align-items: center; gap: var(--s-3); padding: var(--s-2) var(--s-4); min-height: 49px; }
    img { width: 22px; height: 22px; display: block; }
    nav { display: flex; gap: 2px; flex: 1; overflow-x: auto; }
    nav a { padding: 5px 10px; border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; white-space: nowrap; }
    nav a:hover { background: var(--hover); color: var(--ink); }
    nav a:focus-visible { outline-offset: -2px; }
    nav a[aria-current] { background: var(--inset); color: var(--ink); font-weight: var(--w-medium); }
    .who { display: flex; align-items: center; gap: var(--s-2); color: var(--ink-2); white-space: nowrap; }
    .who .tag { color: var(--ink-2); }
    .failed { color: var(--bad-ink); font-size: var(--t-xs); }
    @media (max-width: 720px) { .tag { display: none; } }
  `];

  constructor() {
    super();
    this.language = chosenLanguage();
  }

  connectedCallback() {
    super.connectedCallback();
    me().then((person) => (this.person = person), () => {});
  }

  #toggle() {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    keep('lang', this.language);
    window.dispatchEvent(new CustomEvent('language', { detail: this.language }));
  }

  async #leave() {
    this.failed = false;
    await signOut().catch(() => (this.failed = true));
  }

  render() {
    const t = translator(this.language);
    const here = (path) => (path === '/' ? pathHere() === '/' : pathHere().startsWith(path));
    const pages = PAGES.filter(([path]) => this.person?.pages.includes(path));
    return html`<header class="bar">
      <a href=${linkTo('/')} aria-label=${t('app')}><img src=${linkTo('/static/design/icon.svg')} alt=""></a>
      <nav aria-label=${t('bar.pages')}>${pages.map(([path, name]) => html`<a href=${linkTo(path)} aria-current=${here(path) ? 'page' : nothing}>${t(`page.${name}`)}</a>`)}</nav>
      ${this.person ? this.#who(t) : nothing}
      <button class="plain" aria-label=${t('lang.toggle')} @click=${this.#toggle}>${icon('languages', 15)}${t('lang.short')}</button>
    </header>`;
  }

  #who(t) {
    const { name, login, roles } = this.person;
    const named = this.person.password
      ? html`<button class="ghost" aria-label=${t('own.open', { name })} @click=${() => this.renderRoot.querySelector('own-password').open()}>${icon('user', 15)}${name}</button><own-password .language=${this.language}></own-password>`
      : html`${icon('user', 15)}<span>${name}</span>`;
    return html`<span class="who" title=${login}>${named}
      ${roles.map((role) => html`<span class="tag">${t(`role.${role}`)}</span>`)}</span>
      ${this.failed ? html`<span class="failed" role="alert">${t('bar.failed')}</span>` : nothing}
      <button class="ghost" @click=${this.#leave}>${icon('log-out', 15)}${t('bar.out')}</button>`;
  }
}

customElements.define('app-bar', AppBar);
