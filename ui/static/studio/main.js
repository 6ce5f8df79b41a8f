// The studio: the list of guides, or the one that the address names. The text editor is only loaded
// with a guide.

import { LitElement, html, nothing } from '../vendor/lit.js';
import { pathHere } from '../server.js';

class StudioPage extends LitElement {
  static properties = { guide: {}, ready: { state: true } };

  constructor() {
    super();
    const [, , kind, id] = pathHere().split('/');
    this.guide = kind === 'guides' && id ? decodeURIComponent(id) : '';
    import(this.guide ? './guide-page.js' : './guide-list.js').then(() => (this.ready = true));
  }

  createRenderRoot() {
    return this;
  }

  render() {
    if (!this.ready) return nothing;
    return this.guide ? html`<guide-page .guide=${this.guide}></guide-page>` : html`<guide-list></guide-list>`;
  }
}

customElements.define('studio-page', StudioPage);
