// The conversation of a practice beside the panel.

import { css } from '../vendor/lit.js';

export const practiceStyles = css`
  main { gap: var(--s-3); padding-block: var(--s-3) var(--s-4); }
  .time { font-size: var(--t-lg); color: var(--ink-2); }
  .sure { color: var(--warn-ink); font-size: var(--t-sm); }
  h1 small { font-size: var(--t-md); font-weight: 400; }
  .stage { display: grid; gap: var(--s-3); grid-template-columns: minmax(0, 1fr); }
  .talk, .panel { height: max(560px, calc(100dvh - 140px)); }
  .panel assist-panel { display: block; height: 100%; }
  .talk { display: flex; flex-direction: column; min-height: 0; padding: var(--s-3) var(--s-4); }
  .lines { flex: 1; min-height: 0; overflow-y: auto; display: flex; flex-direction: column; gap: var(--s-3); padding: var(--s-2) 0 var(--s-4); scrollbar-width: thin; }
  .lines > div { max-width: 62ch; }
  .lines p { padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--inset); overflow-wrap: anywhere; width: fit-content; }
  .lines .agent { align-self: flex-end; text-align: end; }
  .lines .agent p { background: var(--accent-soft); text-align: start; margin-inline-start: auto; }
  .lines .none { margin: auto; }
  .hint, .over { display: flex; gap: var(--s-2); padding: var(--s-2) var(--s-3); border-radius: var(--r-2); font-size: var(--t-sm); margin-bottom: var(--s-2); }
  .hint { background: var(--warn-soft); }
  .hint .icon { color: var(--warn); margin-top: 3px; }
  .over { background: var(--ok-soft); color: var(--ink); }
  form { display: grid; grid-template-columns: minmax(0, 1fr) auto auto; gap: var(--s-1) var(--s-2); }
  form small { grid-column: 1 / -1; }
  form button, form input { min-height: 38px; }
  .foot { margin-top: var(--s-2); gap: var(--s-2) var(--s-3); min-height: 32px; }
  .check { display: flex; gap: var(--s-2); align-items: center; font-size: var(--t-sm); }
  .check input { width: 16px; min-height: 16px; margin: 0; }
  .check input:focus { box-shadow: none; outline: 2px solid var(--focus); outline-offset: 2px; }
  @media (min-width: 900px) { .stage { grid-template-columns: minmax(0, 1fr) minmax(380px, 460px); } }
`;
