// The administration: its views side by side, the one in the address shown.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon } from '../design/base.js';
import { wordsOf } from '../words.js';
import { ADMIN_TEXTS } from './admin-texts.js';
import './accounts-view.js';
import './audit-view.js';
import './connections-view.js';
import './health-view.js';
import './retention-view.js';
import './tokens-view.js';

const Words = wordsOf(ADMIN_TEXTS);
const VIEWS = [
  ['accounts', 'user', (language) => html`<accounts-view .language=${language}></accounts-view>`],
  ['tokens', 'plug', (language) => html`<tokens-view .language=${language}></tokens-view>`],
  ['connections', 'external-link', (language) => html`<connections-view .language=${language}></connections-view>`],
  ['retention', 'database', (language) => html`<retention-view .language=${language}></retention-view>`],
  ['audit', 'eye', (language) => html`<audit-view .language=${language}></audit-view>`],
  ['health', 'activity', (language) => html`<health-view .language=${language}></health-view>`],
];

class AdminPage extends LitElement {
  static properties = { view: { state: true } };

  static styles = [base, css`
    .grid { width: min(100% - 32px, 1160px); margin: 0 auto; padding: var(--s-5) 0 var(--s-7); display: grid; gap: var(--s-5); }
    nav { display: flex; gap: 2px; overflow-x: auto; }
    nav a { display: flex; align-items: center; gap: var(--s-2); min-height: 34px; padding: 0 var(--s-3); border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; white-space: nowrap; }
    nav a:hover { background: var(--hover); color: var(--ink); }
    nav a:focus-visible { outline-offset: -2px; }
    nav a[aria-current] { background: var(--hover); color: var(--ink); font-weight: var(--w-medium); }
    main { min-width: 0; }
    @media (min-width: 860px) {
      .grid { grid-template-columns: 168px minmax(0, 1fr); align-items: start; }
      nav { flex-direction: column; position: sticky; top: 69px; }
    }
  `];

  constructor() {
    super();
    new Words(this);
    this.view = this.#named();
    window.addEventListener('hashchange', () => (this.view = this.#named()));
  }

  #named() {
    const name = location.hash.slice(1);
    return VIEWS.some(([known]) => known === name) ? name : 'accounts';
  }

  updated() {
    const { t } = this;
    document.documentElement.lang = t.tag;
    document.title = `${t(`tab.${this.view}`)} · ${t('admin.title')}`;
  }

  render() {
    const { t } = this;
    const [, , draw] = VIEWS.find(([name]) => name === this.view);
    return html`<div class="grid"><nav aria-label=${t('admin.title')}>${VIEWS.map(([name, sign]) => html`<a href=${`#${name}`}
        aria-current=${name === this.view ? 'page' : nothing}>${icon(sign, 15)}${t(`tab.${name}`)}</a>`)}</nav>
      <main>${draw(t.lang)}</main></div>`;
  }
}

customElements.define('admin-page', AdminPage);
