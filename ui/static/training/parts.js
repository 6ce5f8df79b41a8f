// What the pages of the trainer's room share: frame, tables, dates, and trouble said once.

import { LitElement, css, html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { translator } from '../i18n.js';
import { troubleNote } from '../panel/trouble-note.js';
import { chosenLanguage } from '../texts.js';

export const roomStyles = css`
  main { max-width: 1480px; margin: 0 auto; padding: var(--s-5) var(--s-5) var(--s-7); display: grid; gap: var(--s-4); }
  h1 { font-size: var(--t-title); letter-spacing: -0.01em; line-height: 1.25; }
  h2 { font-size: var(--t-lg); }
  .head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-4); }
  .head h1 { flex: 1; min-width: 12ch; }
  .tabs { display: flex; gap: var(--s-1); flex-wrap: wrap; }
  .tabs a { padding: 6px 12px; border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; }
  .tabs a:hover { background: var(--hover); color: var(--ink); }
  .tabs a[aria-current] { background: var(--inset); color: var(--ink); font-weight: var(--w-medium); }
  a.to { color: var(--accent-ink); text-decoration: none; }
  a.to:hover { text-decoration: underline; text-underline-offset: 3px; }
  a.button { display: inline-flex; align-items: center; gap: var(--s-2); min-height: 32px; padding: 0 var(--s-3); border: 1px solid var(--line); border-radius: var(--r-1); background: var(--surface); color: inherit; text-decoration: none; white-space: nowrap; }
  a.button:hover { background: var(--hover); }
  button { white-space: nowrap; }
  .card { overflow: hidden; }
  .scroll { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; font-size: var(--t-sm); }
  th, td { padding: 8px var(--s-3); text-align: start; vertical-align: middle; }
  th { font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-2); background: var(--inset); white-space: nowrap; }
  th button { min-height: 0; padding: 0; gap: 3px; font-size: inherit; font-weight: inherit; color: inherit; }
  th button:hover { color: var(--ink); }
  tbody tr + tr { border-top: 1px solid var(--line); }
  tbody tr:hover { background: var(--inset); }
  td.number, th.number { text-align: end; font-variant-numeric: tabular-nums; }
  small { font-size: var(--t-xs); color: var(--ink-3); }
  .none { display: grid; gap: var(--s-1); justify-items: center; padding: var(--s-6) var(--s-4); text-align: center; color: var(--ink-2); font-size: var(--t-sm); }
  .none strong { color: var(--ink); font-weight: var(--w-medium); }
  .none .icon { color: var(--ink-3); }
  label.field { display: grid; gap: 3px; font-size: var(--t-xs); color: var(--ink-2); }
  dialog { width: min(100vw - 32px, 480px); padding: var(--s-5); border: 1px solid var(--line); border-radius: var(--r-3); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high); }
  dialog::backdrop { background: var(--veil); }
  dialog form { display: grid; gap: var(--s-3); }
  meter { width: 100%; height: 8px; appearance: none; background: var(--hover); border-radius: 4px; overflow: hidden; }
  meter::-webkit-meter-bar { height: 8px; border: 0; background: var(--hover); border-radius: 4px; }
  meter::-webkit-meter-optimum-value { background: var(--ok); }
  meter::-webkit-meter-suboptimum-value { background: var(--warn); }
  meter::-webkit-meter-even-less-good-value { background: var(--bad); }
  .row { display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: center; }
  .end { justify-content: flex-end; }
`;

/** Points as people read them: one digit after the point at most. */
export const points = (number) => String(Math.round(number * 10) / 10);

export function when(text, lang) {
  if (!text) return '';
  const options = { month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false };
  return new Intl.DateTimeFormat(lang === 'en' ? 'en-GB' : 'zh-CN', options).format(new Date(text));
}

/** A page's own `t` and `trouble`, and the language chosen in the bar. */
export class RoomPage extends LitElement {
  constructor(texts) {
    super();
    this.texts = texts;
    this.language = chosenLanguage();
    this.trouble = null;
    this.onLanguage = ({ detail }) => {
      this.language = detail;
      this.spoken?.();
    };
  }

  connectedCallback() {
    super.connectedCallback();
    window.addEventListener('language', this.onLanguage);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('language', this.onLanguage);
  }

  get t() {
    return this.texts(this.language);
  }

  updated() {
    document.documentElement.lang = this.t.tag;
    document.title = this.t('title');
  }

  /** Does it, and says what went wrong; undefined then. */
  async attempt(doing) {
    this.trouble = null;
    try {
      return await doing();
    } catch (error) {
      const offline = error instanceof TypeError;
      this.trouble = offline
        ? { code: 'page.offline', message: this.t('offline'), remedy: this.t('offline.remedy') }
        : { code: error.code ?? '', message: this.t.or(`error.${error.code}`, error.message), remedy: this.t.or(`error.${error.code}.remedy`, error.remedy ?? ''), values: error.values };
      return undefined;
    }
  }

  troubled(again = null) {
    if (!this.trouble) return nothing;
    const retry = again ? html`<button class="plain" @click=${again}>${icon('rotate-cw', 14)}${this.t('again')}</button>` : nothing;
    return troubleNote(this.trouble, translator(this.language), retry);
  }
}
