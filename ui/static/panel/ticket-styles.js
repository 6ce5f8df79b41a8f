// The look of the ticket form: dense, aligned, loud only where something is missing.

import { css } from '../vendor/lit.js';

export const filedStyles = css`
  .filed { display: grid; grid-template-columns: auto 1fr auto; gap: var(--s-3); align-items: center; padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--ok-soft); }
  .filed > .icon { color: var(--ok); }
  .filed p { font-size: var(--t-xs); color: var(--ok-ink); }
  .filed.waiting { background: var(--warn-soft); }
  .filed.waiting > .icon { color: var(--warn); }
  .filed.waiting p { color: var(--warn-ink); }
  .filed.waiting strong { font-size: var(--t-sm); letter-spacing: 0; }
  .filed strong { font-size: var(--t-lg); letter-spacing: 0.02em; overflow-wrap: anywhere; }
`;

export const ticketStyles = [filedStyles, css`
  form { display: grid; gap: 5px; margin-inline-start: -26px; }
  dl { display: grid; grid-template-columns: 76px 1fr; gap: 4px var(--s-2); font-size: var(--t-sm); }
  dt { color: var(--ink-2); }
  .open { display: grid; gap: 2px; margin: 0 0 var(--s-2); padding: var(--s-2) var(--s-3); border: 1px solid var(--line); border-radius: var(--r-2); min-width: 0; }
  .open legend { display: inline-flex; align-items: center; gap: 5px; padding: 0 4px; margin-inline-start: -4px; font-size: var(--t-xs); color: var(--ink-3); }
  .into { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--s-2); align-items: start; padding: 3px 0; font-size: var(--t-sm); color: var(--ink-2); cursor: pointer; }
  .into.on { color: var(--ink); font-weight: var(--w-medium); }
  .into input { width: 14px; height: 14px; min-height: 0; margin: 3px 0 0; accent-color: var(--accent); }
  .into small { display: block; font-size: var(--t-xs); font-weight: normal; color: var(--ink-3); overflow-wrap: anywhere; }
  .field { display: grid; grid-template-columns: 76px minmax(0, 1fr); gap: 0 var(--s-2); align-items: start; }
  label { color: var(--ink-2); font-size: var(--t-xs); line-height: 1.3; padding-top: 9px; overflow-wrap: break-word; }
  .value { position: relative; min-width: 0; }
  .value input, .value textarea, .value select { scroll-margin-block: var(--s-3) 64px; padding-inline-end: 60px; font-size: var(--t-sm); }
  .from { position: absolute; right: 8px; top: 6px; height: 22px; display: flex; align-items: center; font-size: var(--t-xs); }
  .value select { appearance: none; text-overflow: ellipsis; }
  .star { color: var(--bad-ink); margin-inline-start: 2px; }
  .field input, .field textarea, .field select { border-color: var(--line); background: var(--inset); }
  .field input:hover, .field textarea:hover { border-color: var(--field-line); }
  .field input:focus, .field textarea:focus { border-color: var(--accent); background: var(--surface); }
  .touched input, .touched textarea { background: var(--surface); border-color: var(--field-line); }
  .missing input, .missing textarea { background: var(--surface); border: 1px dashed var(--warn); }
  .missing.tried input, .missing.tried textarea { border: 1px solid var(--bad); }
  .need { color: var(--warn-ink); font-weight: var(--w-medium); }
  .tried .need { color: var(--bad-ink); }
  .hint { display: inline-flex; align-items: center; gap: 4px; color: var(--ink-3); white-space: nowrap; }
  .evidence { min-height: 24px; padding: 0 4px; margin-inline-end: -4px; border-radius: 4px; }
  .evidence .hint { text-decoration: underline dotted var(--field-line); text-underline-offset: 3px; }
  .evidence:hover { background: var(--hover); }
  .tip { position: absolute; z-index: 5; right: -6px; top: 30px; width: max-content; max-width: 236px; padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--ink); color: var(--surface);
    font-size: var(--t-sm); line-height: 1.45; box-shadow: var(--shadow-high); visibility: hidden; opacity: 0; transition: opacity var(--fast) 80ms; pointer-events: none; }
  .tip small { display: block; font-size: var(--t-xs); opacity: 0.75; }
  .evidence:hover + .tip, .evidence:focus-visible + .tip { visibility: visible; opacity: 1; }
  .restore { grid-column: 2; display: flex; justify-content: flex-start; max-width: 100%; font-size: var(--t-xs); margin-top: 3px; color: var(--ink-3); }
  .more { justify-self: start; margin-inline-start: 84px; font-size: var(--t-xs); color: var(--ink-3); min-height: 24px; }
  .foot { position: sticky; bottom: 0; z-index: 2; margin-bottom: -8px; padding-block: var(--s-2); background: var(--surface); scroll-margin-bottom: var(--s-3); padding-inline-start: 26px; display: flex; flex-wrap: wrap; gap: var(--s-2) var(--s-3); align-items: center; margin-top: 2px; }
  .foot .primary { min-height: 36px; padding: 0 var(--s-4); }
  .state { font-size: var(--t-xs); color: var(--ink-3); }
  .spin { width: 14px; height: 14px; border-radius: 50%; border: 2px solid currentColor; border-inline-end-color: transparent; animation: spin 0.8s linear infinite; }
  @keyframes spin { to { transform: rotate(360deg); } }
`];
