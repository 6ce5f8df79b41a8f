// Shown in place of a page that the person's role does not open.

import { LitElement, html, css } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { linkTo } from '../server.js';
import { signOut } from '../shell/api.js';
import { wordsOf } from '../words.js';
import { SIGN_IN_TEXTS } from './sign-in-texts.js';

const Words = wordsOf(SIGN_IN_TEXTS);

class RefusedPage extends LitElement {
  static styles = [base, css`
    main { width: min(100% - 32px, 520px); margin: 0 auto; padding: var(--s-7) 0; }
    .card { padding: var(--s-5); }
    h1 { font-size: var(--t-title); line-height: 1.25; margin-bottom: var(--s-2); }
    p { color: var(--ink-2); margin-bottom: var(--s-4); }
    .row { display: flex; flex-wrap: wrap; gap: var(--s-2); }
    a { display: inline-flex; align-items: center; min-height: 34px; padding: 0 var(--s-3); border-radius: var(--r-1); text-decoration: none; }
  `];

  constructor() {
    super();
    new Words(this);
  }

  updated() {
    const { t } = this;
    document.documentElement.lang = t.tag;
    document.title = t('refused.title');
  }

  render() {
    const { t } = this;
    return html`<main><div class="card"><h1>${t('refused.title')}</h1><p>${t('refused.text')}</p>
      <div class="row"><a class="primary" href=${linkTo('/')}>${t('refused.home')}</a>
        <button class="plain" @click=${() => signOut()}>${t('refused.other')}</button></div></div></main>`;
  }
}

customElements.define('refused-page', RefusedPage);
