// The look of the guide card: a rail of steps on which only the current one is loud.

import { css } from '../vendor/lit.js';

export const guideStyles = css`
  .card { padding: var(--s-3) var(--s-4) var(--s-4); }
  .trail { display: flex; align-items: center; margin: -4px 0 2px -8px; min-width: 0; font-size: var(--t-xs); color: var(--ink-3); }
  .trail li { display: flex; align-items: center; min-width: 0; flex: 0 1 auto; }
  .back { color: var(--ink-3); font-size: var(--t-xs); min-width: 0; min-height: 26px; gap: 4px; }
  header { display: grid; grid-template-columns: minmax(0, 1fr) auto; align-items: start; margin-inline-end: -6px; }
  .heading { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 var(--s-3); padding-top: 2px; }
  h2 { font-size: var(--t-lg); line-height: var(--lh-tight); letter-spacing: 0.005em; }
  .why-toggle { font-size: var(--t-xs); color: var(--ink-3); min-height: 24px; }

  .steps { margin-top: var(--s-3); position: relative; }
  .step { display: grid; grid-template-columns: 18px minmax(0, 1fr) auto; gap: 0 var(--s-2); position: relative; padding-bottom: 9px; }
  .step:not(:last-child)::before { content: ''; position: absolute; left: 8.5px; top: 21px; bottom: -3px; width: 1px; background: var(--line); }
  .rail { height: 22px; display: grid; place-items: center; }
  .done .rail, .fold .rail { color: var(--ok); }
  .dot { width: 9px; height: 9px; border-radius: 50%; background: var(--accent); box-shadow: 0 0 0 4px var(--accent-soft); }
  .ring { width: 7px; height: 7px; border-radius: 50%; border: 1.5px solid var(--field-line); opacity: 0.7; }

  .done { font-size: var(--t-sm); color: var(--ink-2); }
  .done .name { display: flex; gap: var(--s-2); align-items: center; min-height: 22px; min-width: 0; }
  .done .name .tag { flex: none; max-width: 60%; }
  .what { min-width: 0; }
  .reason, .quote { display: flex; align-items: flex-start; gap: 5px; font-size: var(--t-xs); line-height: 1.5; color: var(--ink-3); }
  .reason .icon, .quote .icon { margin-top: 2.5px; }
  .quote { align-items: flex-start; min-height: 0; padding: 0; max-width: 100%; border-radius: 3px; justify-content: flex-start; }
  .quote:hover { color: var(--accent-ink); }
  .reason.diagnosis { color: var(--ink-2); }
  .two { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
  .undo { align-self: start; min-height: 24px; width: 26px; margin: -1px -4px 0 0; opacity: 0.55; }
  .done:hover .undo, .undo:focus-visible { opacity: 1; }
  .failed .rail { color: var(--warn); }
  .again { min-height: 26px; padding: 0 var(--s-2); margin-top: 5px; font-size: var(--t-xs); gap: 5px; }
  .fold { font-size: var(--t-xs); align-items: center; }
  .fold .link { color: var(--ink-3); min-height: 22px; width: fit-content; }

  .current { scroll-margin-block: var(--s-3); padding: 3px 0 14px; grid-template-columns: 18px minmax(0, 1fr); }
  .current:not(:last-child)::before { top: 28px; }
  .current.ticket::before { display: none; }
  .wait { min-height: 22px; font-size: var(--t-sm); }
  .next { color: var(--ink-3); font-size: var(--t-sm); padding-bottom: 5px; align-items: center; }
  .next:last-child { padding-bottom: 0; }

  .score { display: inline-flex; align-items: center; gap: 6px; font-size: var(--t-xs); color: var(--ink-2); }
  meter { width: 64px; height: 5px; border: 0; border-radius: 3px; background: var(--hover); }
  meter::-webkit-meter-bar { background: var(--hover); border: 0; border-radius: 3px; height: 5px; }
  meter::-webkit-meter-optimum-value { background: var(--accent); border-radius: 3px; }
  meter::-moz-meter-bar { background: var(--accent); border-radius: 3px; }
`;
