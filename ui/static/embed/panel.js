// <assist-panel call="ID"> for any page: load this module from the server, and the element is there.
// It brings its colours along, takes keys only while the focus is inside, and tells the page what
// happens by the event `assist`. Attributes: call, server (default: where this module came from),
// readonly, language (zh | en), shortcuts (inside | page).

import { AgentPanel } from '../panel/agent-panel.js';
import { EMPTY } from '../panel/fold.js';
import { SERVER } from '../server.js';
import { tellings } from './host-events.js';

const tokens = new CSSStyleSheet();
await fetch(new URL('../design/tokens.css', import.meta.url))
  .then((answer) => answer.text())
  .then((css) => tokens.replaceSync(css.replaceAll(':root', ':host')))
  .catch(() => {}); // without its colours it is plain, and works

export class EmbeddedPanel extends AgentPanel {
  constructor() {
    super();
    this.shortcuts = 'inside';
    this.host = true;
    this.server = SERVER;
    this.known = '';
    this.addEventListener('assist-fill', ({ detail }) => this.#tell({ type: 'fill_form', call: this.call, ...detail }));
  }

  createRenderRoot() {
    const root = super.createRenderRoot();
    root.adoptedStyleSheets = [tokens, ...root.adoptedStyleSheets];
    return root;
  }

  /** The page knows whose number or account is calling: looked up if the call does not know it yet. */
  know(number) {
    this.known = number;
    this.#lookUp();
  }

  updated(changed) {
    super.updated(changed);
    if (changed.has('call') && changed.get('call')) this.known = '';
    if (!changed.has('state')) return;
    for (const told of tellings(changed.get('state') ?? EMPTY, this.state)) this.#tell(told);
    this.#lookUp();
  }

  #lookUp() {
    const { status, customer, customer_asked: asked, customer_unknown: unknown } = this.state;
    if (!this.known || status !== 'live' || customer || (asked && !unknown)) return;
    const number = this.known;
    this.known = '';
    if (number !== unknown) this.command({ kind: 'seek_customer', number });
  }

  #tell(told) {
    this.dispatchEvent(new CustomEvent('assist', { detail: told, bubbles: true, composed: true }));
  }
}

customElements.define('assist-panel', EmbeddedPanel);
