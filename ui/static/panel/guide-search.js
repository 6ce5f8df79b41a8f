// Finding a guide by hand, by keyboard. What was typed is looked up at once, by words, pinyin and
// initials; what was meant is asked for at a pause and adds to the list, and never moves the marked
// line from under the finger. When the server does not answer, titles are filtered.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act } from './act.js';
import { scoreMeter } from './suggestion-chips.js';

const TYPING_PAUSE_MS = 220;
const LEAD = 12; // characters shown before the first hit of a long text
const LONGEST = 1000; // characters the server takes

export class GuideSearch extends LitElement {
  static properties = {
    source: { attribute: false },
    language: {},
    t: { attribute: false },
    rows: { state: true },
    at: { state: true },
    trouble: { state: true },
    meaning: { state: true },
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
    mark { background: none; color: var(--accent); font-weight: var(--w-strong); }
    .like { grid-column: 1 / -1; font-size: var(--t-xs); color: var(--ink-3); }
    .score { display: inline-flex; align-items: center; font-size: var(--t-xs); color: var(--ink-3); }
    .score meter { display: none; }
  `];

  constructor() {
    super();
    this.rows = [];
    this.at = 0;
    this.trouble = false;
    this.meaning = 'ok';
    this.searching = false;
    this.query = '';
    this.asked = 0;
  }

  /** With these words already typed, if any. */
  open(words = '') {
    this.query = words.trim().slice(0, LONGEST);
    const dialog = this.renderRoot.querySelector('dialog');
    if (!dialog.open) dialog.showModal();
    this.renderRoot.querySelector('input').value = this.query;
    this.#search('hand');
  }

  close() {
    this.renderRoot.querySelector('dialog').close();
  }

  #typed(event) {
    // While an input method composes, its letters are pinyin: they find as well as the characters will.
    const query = event.target.value.trim().slice(0, LONGEST);
    if (query === this.query) return;
    this.query = query;
    this.#search('hand');
  }

  /** `by` hand: a new query, from the top; both: the same one with its meaning, the marked line stays. */
  async #search(by) {
    clearTimeout(this.timer);
    const turn = ++this.asked; // an older answer that comes late must not win
    this.searching = true;
    let rows = [];
    let trouble = false;
    let meaning = 'ok';
    try {
      if (this.query) ({ matches: rows, meaning } = await this.source.find(this.query, this.language, by));
      else rows = await this.#all();
    } catch {
      if (by === 'both' && turn === this.asked) this.searching = false;
      if (by === 'both') return; // what was found by hand stands
      trouble = true;
      const wanted = this.query.toLowerCase();
      rows = (await this.#all().catch(() => [])).filter((row) => row.title.toLowerCase().includes(wanted));
    }
    if (turn !== this.asked) return;
    const marked = by === 'both' ? this.rows[this.at]?.guide : null;
    const more = by === 'hand' && this.query && !trouble && meaning === 'ok';
    const at = Math.max(0, rows.findIndex((row) => row.guide === marked));
    Object.assign(this, { rows, trouble, meaning, at, searching: Boolean(more) });
    if (more) this.timer = setTimeout(() => this.#search('both'), TYPING_PAUSE_MS);
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
      ${this.query && !this.trouble && this.meaning !== 'ok' ? html`<p class="note" role="status">${t('search.byhand')}</p>` : nothing}
      ${!this.query && rows.length ? html`<p class="note">${t('search.all')}</p>` : nothing}
      ${rows.length ? nothing : html`<p class="none" role="status">${t(this.searching ? 'search.busy' : 'search.none')}</p>`}
      <ul id="rows" role="listbox" aria-label=${t('search')}>${rows.map((row, i) => html`<li role="option" id="row-${i}"
        aria-selected=${i === this.at} @pointermove=${() => (this.at = i)} @click=${() => this.#pick(row)}>
        <span class="title clip">${row.question === row.title ? marked(row) : row.title || row.guide}</span>
        ${row.score === undefined || row.score === null ? nothing : scoreMeter(row.score, t)}
        ${row.question && row.question !== row.title ? html`<span class="like clip">${row.spans?.length ? marked(row) : t('suggest.like', { question: row.question })}</span>` : nothing}</li>`)}</ul>
    </dialog>`;
  }
}

/** The matched text from a little before its first hit, with every hit marked. Spans are in code points. */
function marked({ question, spans = [] }) {
  const characters = [...question];
  const from = Math.max(0, (spans[0]?.[0] ?? 0) - LEAD);
  const parts = [from ? '…' : ''];
  let at = from;
  for (const [begin, end] of spans) {
    parts.push(characters.slice(at, begin).join(''), html`<mark>${characters.slice(begin, end).join('')}</mark>`);
    at = end;
  }
  parts.push(characters.slice(at).join(''));
  return parts;
}

customElements.define('guide-search', GuideSearch);
