// The stage of a replay: events, the panel, and beside it another way.

import { css } from '../vendor/lit.js';

export const replayStyles = css`
  main { gap: var(--s-3); padding-block: var(--s-3) var(--s-4); }
  .head h1 { display: flex; flex-wrap: wrap; gap: var(--s-2); align-items: center; }
  .goal { flex-basis: 100%; color: var(--ink-2); font-size: var(--t-sm); }
  .transport { padding: var(--s-3); display: grid; gap: var(--s-2); position: sticky; top: 0; z-index: 2; overflow: visible; }
  .keys-row { gap: var(--s-2) var(--s-3); }
  .round { width: 38px; min-height: 38px; padding: 0; border-radius: var(--r-full); }
  .keys-row select { width: auto; }
  .shortcuts { flex: 1; }
  .stage { display: grid; gap: var(--s-3); grid-template-columns: minmax(0, 1fr); }
  .panel, what-if { height: max(640px, calc(100dvh - 280px)); }
  .panel assist-panel { display: block; height: 100%; }
  .list { padding: var(--s-3); display: flex; flex-direction: column; min-height: 0; max-height: 320px; }
  .list h2 { font-size: var(--t-sm); color: var(--ink-2); margin-bottom: var(--s-2); }
  .marks { overflow-y: auto; flex: 1; min-height: 0; scrollbar-width: thin; margin: 0 calc(-1 * var(--s-2)); }
  .marks li { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: center; }
  .marks .go { width: 100%; justify-content: flex-start; gap: var(--s-2); padding: 0 var(--s-2); min-height: 32px; font-size: var(--t-sm); }
  .marks .go:hover { background: var(--hover); }
  .marks .go:focus-visible { outline-offset: -2px; }
  .marks [aria-current] { background: var(--accent-soft); }
  .marks .at { color: var(--ink-3); width: 5ch; text-align: end; flex: none; }
  .marks .what { color: var(--ink-2); flex: none; }
  .marks .trouble, .marks .prohibited { color: var(--bad-ink); }
  .marks .icon { color: var(--ink-3); }
  .marks .opened .icon { color: var(--accent); }
  .marks .ticket .icon { color: var(--ok); }
  .marks .offer .icon { color: var(--warn); }
  .marks .trouble .icon, .marks .prohibited .icon { color: var(--bad); }
  @media (min-width: 900px) {
    .stage { grid-template-columns: minmax(260px, 1fr) minmax(380px, 460px); }
    .list { max-height: max(640px, calc(100dvh - 280px)); }
    .beside .stage { grid-template-columns: minmax(220px, 0.7fr) minmax(370px, 1fr) minmax(370px, 1fr); }
  }
  @media (min-width: 900px) and (max-width: 1080px) {
    .beside .stage { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
    .beside .list { display: none; }
  }
  @media (max-width: 899px) { .transport { position: static; } .shortcuts { order: 9; flex-basis: 100%; } }
`;
