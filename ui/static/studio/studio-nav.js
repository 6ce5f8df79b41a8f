// The three places of the studio: guides, questions, inbox.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { linkTo, pathHere } from '../server.js';
import { studioStyles } from './studio-styles.js';
import { Words } from './words.js';

const PLACES = [
  ['/studio', 'guides'],
  ['/studio/corpus', 'corpus'],
  ['/studio/inbox', 'inbox'],
];

class StudioNav extends LitElement {
  static styles = [base, studioStyles, css`
    .bar { padding: var(--s-3) var(--s-4) 0; }
  `];

  constructor() {
    super();
    new Words(this);
  }

  render() {
    const here = pathHere().startsWith('/studio/guides') ? '/studio' : pathHere().replace(/\/$/, '');
    return html`<div class="bar"><nav class="tabs" aria-label=${this.t('nav')}>${PLACES.map(
      ([path, name]) => html`<a href=${linkTo(path)} aria-current=${here === path ? 'page' : nothing}>${this.t(`nav.${name}`)}</a>`,
    )}</nav></div>`;
  }
}

customElements.define('studio-nav', StudioNav);
