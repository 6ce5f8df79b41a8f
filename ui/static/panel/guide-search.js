// Finding a guide by hand, by keyboard. Works when speech is down; when the search itself is down it
// still filters the titles.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act } from './act.js';
import { scoreMeter } from './suggestion-chips.js';

const TYPING_PAUSE_MS = 140;

export class GuideSearch extends LitElement {
  static properties = {
    source: { attribute: false },
    language: {},
    t: { attribute: false },
    rows: { state: true },
    at: { state: true },
    trouble: { state: true },
    searching: { state: true },
    query: { state: true },
  };

  static styles = [base, css`
    dialog { width: min(440px, calc(100vw - 24px)); max-height: min(560px, calc(100dvh - 96px)); margin: 56px auto auto; padding: 0; border: 1px solid var(--line);
      border-radius: var(--r-3); background: var(--surface); color: inherit; box-shadow: var(--shadow-high); overflow: hidden; }
    dialog[open] { display: flex; flex-direction: column; }
    dialog::backdrop { background: var(--veil); }
    .bar { display: flex; align-items: center; gap: var(--s-2); padding: 0 var(--s-2) 0 var(--s-4); border-bottom: 1px solid var(--line); color: var(--ink-3); }
    input, input:focus { border: 0; box-shadow: none; background: none; min-height: 50px; padding: 0 4px; font-size: var(--t-lg); color: var(--ink); }
    .note { padding: var(--s-2) var(--s-4) 0; font-size: var(--t-xs); color: var(--ink-3); }
    .none { padding: var(--s-5) var(--s-4); font-size: var(--t-sm); color: var(--ink-2); text-align: center; }
    ul { overflow-y: auto; padding: var(--s-2); }
    li { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s-3); padding: 8px 10px; border-radius: var(--r-1); cursor: pointer; }
    li[aria-selected='true'] { background: var(--accent-soft); }
    .title { font-weight: var(--w-medium); }
    .like { grid-column: 1 / -1; font-size: var(--t-xs); color: var(--ink-3); }
    .score { display: inline-flex; align-items: center; font-size: var(--t-xs); color: var(--ink-3); }
    .score meter { display: none; }
  `];

  constructor() {
    super();
    this.rows = [];
    this.at = 0;
    this.trouble = false;
    this.searching = false;
    this.query = '';
    this.asked = 0;
  }

  open() {
    this.query = '';
    this.renderRoot.querySelector('dialog').showModal();
    this.renderRoot.querySelector('input').value = '';
    this.#search();
  }

  close() {
    this.renderRoot.querySelector('dialog').close();
  }

  #typed(event) {
    this.query = event.target.value.trim();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#search(), TYPING_PAUSE_MS);
  }

  async #search() {
    const turn = ++this.asked; // an older answer that comes late must not win
    this.searching = true;
    let rows = [];
    let trouble = false;
    try {
      rows = this.query ? (await this.source.find(this.query, this.language)).matches : await this.#all();
    } catch {
      trouble = true;
      const wanted = this.query.toLowerCase();
      rows = (await this.#all().catch(() => [])).filter((row) => row.title.toLowerCase().includes(wanted));
    }
    if (turn !== this.asked) return;
    Object.assign(this, { rows, trouble, at: 0, searching: false });
  }

  async #all() {
    const guides = await this.source.guides();
    const mine = guides.filter((guide) => guide.lang === this.language);
    return (mine.length ? mine : guides).map((guide) => ({ guide: guide.id, title: guide.title }));
  }

  #keydown(event) {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && this.rows.length) {
      event.preventDefault();
      this.at = (this.at + step + this.rows.length) % this.rows.length;
      this.updateComplete.then(() => this.renderRoot.querySelector('[aria-selected="true"]').scrollIntoView({ block: 'nearest' }));
    } else if (event.key === 'Enter' && this.rows[this.at]) {
      event.preventDefault();
      this.#pick(this.rows[this.at]);
    }
  }

  #pick(row) {
    this.close();
    act(this, 'open_guide', { guide: row.guide });
  }

  render() {
    const { t, rows } = this;
    return html`<dialog aria-label=${t('search')} @click=${(e) => e.target.matches('dialog') && this.close()}>
      <div class="bar">${icon('search', 17)}
        <input type="text" role="combobox" aria-expanded=${rows.length > 0} aria-controls="rows" aria-autocomplete="list"
          aria-activedescendant=${rows.length ? `row-${this.at}` : nothing} autocomplete="off" spellcheck="false" autofocus
          placeholder=${t('search.placeholder')} aria-label=${t('search')} @input=${this.#typed} @keydown=${this.#keydown}>
        <button class="ghost" aria-label=${`Esc ${t('close')}`} @click=${this.close}>${kbd('Esc')}</button>
      </div>
      ${this.trouble ? html`<p class="note" role="status">${t('search.failed')}</p>` : nothing}
      ${!this.query && rows.length ? html`<p class="note">${t('search.all')}</p>` : nothing}
      ${rows.length ? nothing : html`<p class="none" role="status">${t(this.searching ? 'search.busy' : 'search.none')}</p>`}
      <ul id="rows" role="listbox" aria-label=${t('search')}>${rows.map((row, i) => html`<li role="option" id="row-${i}"
        aria-selected=${i === this.at} @pointermove=${() => (this.at = i)} @click=${() => this.#pick(row)}>
        <span class="title clip">${row.title || row.guide}</span>
        ${row.score === undefined ? nothing : scoreMeter(row.score, t)}
        ${row.question ? html`<span class="like clip">${t('suggest.like', { question: row.question })}</span>` : nothing}</li>`)}</ul>
    </dialog>`;
  }
}

customElements.define('guide-search', GuideSearch);
