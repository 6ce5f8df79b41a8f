// The bar above every page: where one is, where one may go, and the language.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { chosenLanguage, translatorOf } from '../texts.js';
import { SHELL_TEXTS } from './shell-texts.js';

const translator = translatorOf(SHELL_TEXTS);
const PAGES = [
  ['/', 'calls'],
  ['/studio', 'studio'],
  ['/training', 'training'],
  ['/wall', 'wall'],
  ['/tickets', 'tickets'],
  ['/backstop', 'backstop'],
  ['/admin', 'admin'],
];

/** Pages listen for `language` on window: the detail is 'zh' or 'en'. */
export class AppBar extends LitElement {
  static properties = { language: {} };

  static styles = [base, css`
    :host { position: sticky; top: 0; z-index: 5; background: var(--surface); border-bottom: 1px solid var(--line); }
    .bar { display: flex; align-items: center; gap: var(--s-3); padding: var(--s-2) var(--s-4); }
    img { width: 22px; height: 22px; display: block; }
    nav { display: flex; gap: 2px; flex: 1; overflow-x: auto; }
    nav a { padding: 5px 10px; border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; white-space: nowrap; }
    nav a:hover { background: var(--hover); color: var(--ink); }
    nav a[aria-current] { background: var(--inset); color: var(--ink); font-weight: var(--w-medium); }
  `];

  constructor() {
    super();
    this.language = chosenLanguage();
  }

  #toggle() {
    this.language = this.language === 'zh' ? 'en' : 'zh';
    localStorage.setItem('assist.lang', this.language);
    window.dispatchEvent(new CustomEvent('language', { detail: this.language }));
  }

  render() {
    const t = translator(this.language);
    const here = (path) => (path === '/' ? location.pathname === '/' : location.pathname.startsWith(path));
    return html`<header class="bar">
      <a href="/" aria-label=${t('app')}><img src="/static/design/icon.svg" alt=""></a>
      <nav aria-label=${t('bar.pages')}>${PAGES.map(([path, name]) => html`<a href=${path} aria-current=${here(path) ? "page" : nothing}>${t(`page.${name}`)}</a>`)}</nav>
      <button class="plain" aria-label=${t('lang.toggle')} @click=${this.#toggle}>${icon('languages', 15)}${t('lang.short')}</button>
    </header>`;
  }
}

customElements.define('app-bar', AppBar);
