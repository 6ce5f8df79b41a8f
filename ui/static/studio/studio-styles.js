// What the studio's parts share: tabs, chips of state, banners, dialogs.

import { css } from '../vendor/lit.js';

export const studioStyles = css`
  h1 { font-size: var(--t-lg); }
  a { color: var(--accent-ink); text-decoration: none; border-radius: 3px; }
  a:hover { text-decoration: underline; text-underline-offset: 3px; }
  .bar { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-2) var(--s-3); }
  .grow { flex: 1; }
  .tabs { display: flex; gap: 2px; }
  .tabs button, .tabs a { display: inline-flex; align-items: center; gap: 6px; min-height: 30px; padding: 0 12px; border-radius: var(--r-1); color: var(--ink-2); text-decoration: none; }
  .tabs button:hover, .tabs a:hover { background: var(--hover); color: var(--ink); }
  .tabs [aria-selected=true], .tabs [aria-current] { background: var(--accent-soft); color: var(--accent-ink); font-weight: var(--w-medium); }
  .tag.bad { background: var(--bad-soft); color: var(--bad-ink); }
  .tag.accent { background: var(--accent-soft); color: var(--accent-ink); }
  .note { display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-3); align-items: center; padding: var(--s-2) var(--s-3); border: 1px solid var(--warn-line); border-radius: var(--r-2); background: var(--warn-soft); color: var(--warn-ink); font-size: var(--t-sm); }
  .note.bad { border-color: var(--bad-line); background: var(--bad-soft); color: var(--bad-ink); }
  .note.ok { border-color: var(--line); background: var(--ok-soft); color: var(--ok-ink); }
  .note p { flex: 1 1 260px; white-space: pre-line; overflow-wrap: anywhere; }
  .none { display: grid; place-content: center; justify-items: center; gap: var(--s-1); padding: var(--s-7) var(--s-4); text-align: center; color: var(--ink-2); }
  .none strong { color: var(--ink); font-weight: var(--w-medium); }
  .small { font-size: var(--t-sm); }
  .tiny { font-size: var(--t-xs); color: var(--ink-3); }
  table { width: 100%; border-collapse: collapse; font-size: var(--t-sm); }
  th { text-align: start; color: var(--ink-3); font-weight: var(--w-medium); font-size: var(--t-xs); }
  th, td { padding: 7px var(--s-2); border-bottom: 1px solid var(--line); vertical-align: top; }
  th.num, td.num { text-align: end; }
  dialog { width: min(460px, calc(100vw - 32px)); padding: var(--s-4) var(--s-5) var(--s-5); border: 1px solid var(--line); border-radius: var(--r-3); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high); }
  dialog::backdrop { background: var(--veil); }
  dialog h2 { font-size: var(--t-lg); margin-bottom: var(--s-3); }
  dialog label { display: block; margin-bottom: var(--s-3); font-size: var(--t-sm); color: var(--ink-2); }
  dialog .bar { justify-content: flex-end; }
  select { width: auto; min-height: 32px; padding: 4px 8px; }
`;
