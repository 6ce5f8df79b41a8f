// What the views of the administration share.

import { css } from '../vendor/lit.js';

export const adminStyles = css`
  :host { display: block; }
  .head { display: flex; flex-wrap: wrap; align-items: center; gap: var(--s-3); margin-bottom: var(--s-3); }
  h1 { font-size: var(--t-title); letter-spacing: -0.01em; line-height: 1.2; flex: 1; }
  h2 { font-size: var(--t-md); margin-bottom: var(--s-2); }
  .lead { color: var(--ink-2); font-size: var(--t-sm); margin: 0 0 var(--s-4); max-width: 68ch; }
  .card { overflow-x: auto; }
  table { width: 100%; border-collapse: collapse; font-size: var(--t-sm); }
  th { text-align: start; font-weight: var(--w-medium); color: var(--ink-2); padding: var(--s-2) var(--s-3); border-bottom: 1px solid var(--line); white-space: nowrap; }
  td { padding: var(--s-2) var(--s-3); border-bottom: 1px solid var(--line); vertical-align: middle; }
  tr:last-child td { border-bottom: 0; }
  td.acts { text-align: end; white-space: nowrap; }
  .off td { color: var(--ink-3); }
  .tags { display: flex; flex-wrap: wrap; gap: 4px; }
  .mono { font-family: var(--font-mono); font-size: var(--t-xs); }
  .none { padding: var(--s-6) var(--s-4); text-align: center; color: var(--ink-2); font-size: var(--t-sm); }
  .none strong { display: block; color: var(--ink); font-weight: var(--w-medium); }
  .note { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--s-2); padding: var(--s-2) var(--s-3); margin-bottom: var(--s-3); border-radius: var(--r-2); border: 1px solid var(--bad-line); background: var(--bad-soft); font-size: var(--t-sm); }
  .note .icon { color: var(--bad); margin-top: 2px; }
  .note strong { color: var(--bad-ink); font-weight: var(--w-medium); overflow-wrap: anywhere; }
  .note p { color: var(--ink-2); overflow-wrap: anywhere; }
  .done { padding: var(--s-2) var(--s-3); margin-bottom: var(--s-3); border-radius: var(--r-2); background: var(--ok-soft); color: var(--ok-ink); font-size: var(--t-sm); }
  dialog { width: min(460px, calc(100% - 32px)); border: 1px solid var(--line); border-radius: var(--r-3); background: var(--surface); color: var(--ink); box-shadow: var(--shadow-high); padding: var(--s-5); }
  dialog::backdrop { background: var(--veil); }
  dialog h2 { font-size: var(--t-lg); margin-bottom: var(--s-3); }
  dialog p { color: var(--ink-2); font-size: var(--t-sm); margin-bottom: var(--s-3); }
  form { display: grid; gap: var(--s-3); }
  label.field { display: grid; gap: var(--s-1); font-size: var(--t-sm); color: var(--ink-2); }
  label.field input, label.field select { color: var(--ink); }
  .hint { font-size: var(--t-xs); color: var(--ink-3); }
  fieldset { border: 0; margin: 0; padding: 0; display: grid; grid-template-columns: repeat(auto-fill, minmax(140px, 1fr)); gap: var(--s-1) var(--s-3); }
  legend { padding: 0; margin-bottom: var(--s-1); font-size: var(--t-sm); color: var(--ink-2); }
  fieldset label { display: flex; align-items: center; gap: var(--s-2); min-height: 28px; font-size: var(--t-sm); }
  input[type=checkbox] { width: 16px; height: 16px; min-height: 0; margin: 0; accent-color: var(--accent); }
  .row { display: flex; flex-wrap: wrap; align-items: center; justify-content: flex-end; gap: var(--s-2); }
  .danger { background: var(--bad-soft); color: var(--bad-ink); border-color: var(--bad-line); }
  .filters { display: grid; grid-template-columns: repeat(auto-fit, minmax(140px, 1fr)); gap: var(--s-2); margin-bottom: var(--s-3); }
  dl { display: grid; grid-template-columns: auto 1fr; gap: var(--s-1) var(--s-4); font-size: var(--t-sm); padding: var(--s-3) var(--s-4); }
  dt { color: var(--ink-2); }
  .pad { padding: var(--s-4); margin-bottom: var(--s-5); }
  .facts { margin-top: var(--s-4); }
  .made { margin-top: var(--s-3); }
  .pager { display: flex; align-items: center; justify-content: flex-end; gap: var(--s-2); padding-top: var(--s-3); font-size: var(--t-sm); color: var(--ink-2); }
`;
