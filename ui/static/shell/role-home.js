// The first page of those who see no calls: where they work.

import { LitElement, html, css } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { linkTo } from '../server.js';
import { translatorOf } from '../texts.js';
import { PAGES } from './pages.js';
import { SHELL_TEXTS } from './shell-texts.js';

const translator = translatorOf(SHELL_TEXTS);

export class RoleHome extends LitElement {
  static properties = { language: {}, person: { attribute: false } };

  static styles = [base, css`
    h1 { font-size: var(--t-title); letter-spacing: -0.01em; line-height: 1.2; }
    .lead { color: var(--ink-2); margin: var(--s-1) 0 var(--s-4); }
    .card { overflow: hidden; }
    li + li { border-top: 1px solid var(--line); }
    a { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s-3); align-items: center; padding: var(--s-3) var(--s-3) var(--s-3) var(--s-4); color: inherit; text-decoration: none; }
    a:hover { background: var(--inset); }
    a:focus-visible { outline-offset: -2px; }
    strong { font-weight: var(--w-medium); }
    small { display: block; font-size: var(--t-sm); color: var(--ink-2); }
    .icon { color: var(--ink-3); }
    .none { padding: var(--s-5) var(--s-4); text-align: center; color: var(--ink-2); }
    .none strong { display: block; color: var(--ink); }
  `];

  render() {
    const t = translator(this.language);
    const { name, pages, roles } = this.person;
    const open = PAGES.filter(([path]) => path !== '/' && pages.includes(path));
    return html`<h1>${t('home.hello', { name })}</h1>
      ${roles.length
        ? html`<p class="lead">${t('home.lead')}</p>
          <ul class="card">${open.map(([path, page]) => html`<li><a href=${linkTo(path)}><span><strong>${t(`page.${page}`)}</strong><small>${t(`what.${page}`)}</small></span>${icon('chevron-right', 15)}</a></li>`)}</ul>`
        : html`<div class="card none"><strong>${t('home.none')}</strong>${t('home.none.text')}</div>`}`;
  }
}

customElements.define('role-home', RoleHome);
