// The frame: one narrow column with the conversation at its foot; two columns where there is room.

import { css } from '../vendor/lit.js';

export const panelStyles = css`
  :host { height: 100%; position: relative; overflow: clip; container-type: inline-size; background: var(--bg); }
  .frame { height: 100%; display: grid; grid-template: auto auto minmax(0, 1fr) auto / minmax(0, 1fr); grid-template-areas: 'top' 'who' 'work' 'talk'; }

  .top { grid-area: top; display: flex; align-items: center; gap: var(--s-2); padding: 6px var(--s-2) 6px var(--s-4); border-bottom: 1px solid var(--line); background: var(--surface); min-height: 44px; }
  .conn { display: inline-flex; align-items: center; gap: 7px; font-size: var(--t-xs); font-weight: var(--w-medium); color: var(--ink-2); white-space: nowrap; }
  .conn i { width: 8px; height: 8px; border-radius: 50%; background: var(--ink-3); }
  .conn.live i { background: var(--ok); }
  .conn.connecting i, .conn.reconnecting i { background: var(--warn); animation: breathe 1.2s infinite; }
  .conn.held { color: var(--warn-ink); }
  .conn.held i { background: var(--warn); }
  .conn.offline i, .conn.missing i { background: var(--bad); }
  .clock { font-size: var(--t-sm); color: var(--ink); }
  .number { font-size: var(--t-xs); color: var(--ink-3); }
  .grow { flex: 1; }
  .top a { display: grid; place-items: center; width: 30px; height: 30px; border-radius: var(--r-1); color: var(--ink-3); margin-inline-start: -8px; }
  .top a:hover { background: var(--hover); color: var(--ink); }
  .lang { font-size: var(--t-xs); font-weight: var(--w-medium); }
  @keyframes breathe { 50% { opacity: 0.35; } }

  customer-card { grid-area: who; padding: 10px var(--s-3) 11px var(--s-4); background: var(--surface); border-bottom: 1px solid var(--line); max-height: 45cqh; overflow-y: auto; }
  .work { grid-area: work; display: flex; flex-direction: column; min-height: 0; }
  .main { flex: 1; min-height: 0; overflow-y: auto; padding: var(--s-3); display: flex; flex-direction: column; gap: var(--s-3); scrollbar-width: thin; scrollbar-color: var(--line) transparent; overscroll-behavior: contain; }
  .main > * { flex: none; }
  .talk { grid-area: talk; display: flex; min-height: 0; height: clamp(132px, 25vh, 300px); border-top: 1px solid var(--line); background: var(--surface); transition: height var(--calm); }
  .talk.tall { height: 62vh; }
  transcript-view { flex: 1; }

  .stack { flex: none; display: grid; gap: var(--s-2); padding: var(--s-3) var(--s-3) var(--s-1); max-height: 30vh; overflow-y: auto; }
  .stack .trouble { margin: 0; }
  guide-card { animation: arrive var(--calm) ease-out; }
  @keyframes arrive { from { opacity: 0; transform: translateY(6px); } }

  .state { display: grid; justify-items: center; gap: 2px; text-align: center; padding: var(--s-7) var(--s-5); color: var(--ink-2); }
  .state > .icon { color: var(--ink-3); margin-bottom: var(--s-2); }
  .state h2 { font-size: var(--t-lg); color: var(--ink); }
  .state p { font-size: var(--t-sm); max-width: 30ch; text-wrap: balance; }
  .state .row { display: flex; gap: var(--s-2); margin-top: var(--s-4); flex-wrap: wrap; justify-content: center; }
  .ears { display: flex; gap: 4px; height: 22px; align-items: center; margin-bottom: var(--s-2); }
  .ears i { width: 3px; height: 8px; border-radius: 2px; background: var(--ink-3); animation: listen 1.5s ease-in-out infinite; }
  .ears i:nth-child(2) { animation-delay: 0.18s; }
  .ears i:nth-child(3) { animation-delay: 0.36s; }
  .ears i:nth-child(4) { animation-delay: 0.54s; }
  @keyframes listen { 50% { height: 20px; } }

  .gone { display: flex; align-items: center; gap: var(--s-2); padding: 4px var(--s-2) 4px var(--s-4); font-size: var(--t-sm); color: var(--ink-2); }
  .gone > .icon { color: var(--ok); }
  .gone.dismissed > .icon { color: var(--ink-3); }
  .gone .ghost { margin-inline-start: auto; font-size: var(--t-xs); min-height: 28px; flex: none; }
  .handed { display: flex; gap: var(--s-2); padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--ok-soft); color: var(--ok-ink); font-size: var(--t-sm); }
  .handed .icon { margin-top: 3px; }
  .foot { display: flex; justify-content: space-between; gap: var(--s-2); margin-top: auto; padding-top: var(--s-1); }
  .foot button { font-size: var(--t-xs); color: var(--ink-3); }
  .handoff { display: grid; gap: var(--s-2); padding: var(--s-3); }
  .handoff .row { display: flex; gap: var(--s-2); }
  .toast { position: fixed; z-index: 9; left: var(--s-3); right: var(--s-3); bottom: var(--s-3); max-width: 420px; margin: 0 auto; border-radius: var(--r-2); background: var(--surface); box-shadow: var(--shadow-high); }
  .toast .trouble { margin: 0; }

  @container (min-width: 800px) {
    .frame { grid-template: auto auto minmax(0, 1fr) / minmax(0, 1fr) minmax(320px, 38%); grid-template-areas: 'top top' 'work who' 'work talk'; }
    .stack { padding: var(--s-4) var(--s-5) 0; }
    .main { padding: var(--s-5); }
    .main > * { width: min(100%, 640px); margin-inline: auto; }
    .main > .foot { margin-top: auto; }
    customer-card { border-inline-start: 1px solid var(--line); padding: var(--s-4); }
    .talk, .talk.tall { height: auto; border-top: 0; border-inline-start: 1px solid var(--line); padding-top: var(--s-2); }
  }
`;
