// How the sign-in page looks.

import { css } from '../vendor/lit.js';

export const signInStyles = css`
  main { width: min(100% - 32px, 400px); margin: 0 auto; padding: clamp(24px, 10vh, 96px) 0 var(--s-7); }
  .top { display: flex; align-items: center; gap: var(--s-2); margin-bottom: var(--s-4); color: var(--ink-2); }
  .top img { width: 24px; height: 24px; }
  .top span { flex: 1; font-weight: var(--w-medium); }
  .card { padding: var(--s-5); }
  h1 { font-size: var(--t-title); line-height: 1.25; letter-spacing: -0.01em; margin-bottom: var(--s-3); }
  h2 { font-size: var(--t-sm); font-weight: var(--w-medium); color: var(--ink-2); margin-bottom: var(--s-2); }
  .lead { color: var(--ink-2); margin-bottom: var(--s-4); }
  form { display: grid; gap: var(--s-3); }
  label, .field { display: grid; gap: var(--s-1); font-size: var(--t-sm); color: var(--ink-2); }
  input { color: var(--ink); font-size: var(--t-md); min-height: 38px; }
  .secret { position: relative; display: block; }
  .secret input { padding-right: 40px; }
  .secret button { position: absolute; right: 4px; top: 4px; }
  .hint { font-size: var(--t-xs); color: var(--ink-3); }
  .hint strong { color: var(--warn-ink); font-weight: var(--w-medium); }
  .hint:empty { display: none; }
  .wide { width: 100%; min-height: 38px; justify-content: center; }
  a.wide { display: flex; align-items: center; border-radius: var(--r-1); text-decoration: none; }
  a.primary:hover { background: var(--accent-hover); }
  .people { display: grid; grid-template-columns: 1fr 1fr; gap: var(--s-2); }
  .people button { width: 100%; min-height: 48px; justify-content: space-between; padding: 0 var(--s-3); }
  .people .quiet { font-size: var(--t-xs); }
  .or { display: grid; grid-template-columns: 1fr auto 1fr; align-items: center; gap: var(--s-3); margin: var(--s-4) 0 var(--s-3); font-size: var(--t-xs); color: var(--ink-3); }
  .or::before, .or::after { content: ""; height: 1px; background: var(--line); }
  .trouble { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: var(--s-2); padding: var(--s-2) var(--s-3); margin-bottom: var(--s-3);
    border-radius: var(--r-2); border: 1px solid var(--bad-line); background: var(--bad-soft); font-size: var(--t-sm); }
  .trouble .icon { color: var(--bad); margin-top: 2px; }
  .trouble strong { color: var(--bad-ink); font-weight: var(--w-medium); }
  .trouble p { color: var(--ink-2); }
  @media (max-width: 360px) { .people { grid-template-columns: 1fr; } }
`;
