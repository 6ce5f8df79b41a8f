// What every component shares: resets, buttons, chips, fields. Tokens come from tokens.css.

import { css, svg, html, unsafeSVG, nothing } from '../vendor/lit.js';
import { ICONS } from '../vendor/icons.js';

/** A decorative outline icon; the words beside it (or the button's label) carry the meaning. */
export function icon(name, size = 16) {
  return html`<svg class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none"
    stroke="currentColor" stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"
    aria-hidden="true">${svg`${unsafeSVG(ICONS[name])}`}</svg>`;
}

/** A key on the keyboard, shown beside what it does. */
export const kbd = (key) => (key ? html`<kbd aria-hidden="true">${key}</kbd>` : nothing);

/** 75000 -> "1:15" */
export function clock(ms) {
  const s = Math.floor(ms / 1000);
  const minutes = Math.floor(s / 60) % 60;
  const hours = Math.floor(s / 3600);
  const tail = `${String(s % 60).padStart(2, '0')}`;
  return hours ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** 13812345678 -> "138 1234 5678"; anything else as it is. */
export const phone = (number) => number.replace(/^(1\d{2})(\d{4})(\d{4})$/, '$1 $2 $3');

export const base = css`
  *, *::before, *::after { box-sizing: border-box; }
  :host { display: block; color: var(--ink); font: var(--t-md) / var(--lh) var(--font); }
  :host([hidden]), [hidden] { display: none !important; }
  p, h1, h2, h3, ul, ol, dl, dd, figure { margin: 0; padding: 0; }
  ul, ol { list-style: none; }
  h1, h2, h3 { font-size: inherit; font-weight: var(--w-strong); }
  .icon { flex: none; display: block; }
  .num { font-variant-numeric: tabular-nums; }
  .quiet { color: var(--ink-3); }
  .clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; min-width: 0; }
  .sr {
    position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%);
    white-space: nowrap;
  }

  button, input, textarea, select { font: inherit; color: inherit; }
  button {
    display: inline-flex; align-items: center; justify-content: center; gap: var(--s-2);
    min-height: 32px; padding: 0 var(--s-3); margin: 0; border: 1px solid transparent;
    border-radius: var(--r-1); background: none; cursor: pointer; text-align: start;
    transition: background var(--fast), border-color var(--fast), color var(--fast);
    -webkit-tap-highlight-color: transparent; touch-action: manipulation;
  }
  button:disabled { cursor: default; opacity: 0.55; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }

  .primary { background: var(--accent); color: var(--on-accent); font-weight: var(--w-medium); }
  .primary:hover:not(:disabled) { background: var(--accent-hover); }
  .plain { background: var(--surface); border-color: var(--line); }
  .plain:hover:not(:disabled) { background: var(--hover); }
  .ghost { color: var(--ink-2); padding: 0 var(--s-2); }
  .ghost:hover:not(:disabled) { background: var(--hover); color: var(--ink); }
  .icon-button { width: 30px; min-height: 30px; padding: 0; color: var(--ink-3); flex: none; }
  .icon-button:hover:not(:disabled) { background: var(--hover); color: var(--ink); }
  .link {
    min-height: 0; padding: 0; border-radius: 3px; color: var(--accent-ink); display: inline;
    text-align: start;
  }
  .link:hover { text-decoration: underline; text-underline-offset: 3px; }

  kbd {
    display: inline-grid; place-items: center; min-width: 18px; height: 18px; padding: 0 4px;
    border-radius: 4px; border: 1px solid color-mix(in srgb, currentColor 26%, transparent);
    font: 500 11px/1 var(--font); font-variant-numeric: tabular-nums;
  }
  .card {
    background: var(--surface); border: 1px solid var(--line); border-radius: var(--r-3);
    box-shadow: var(--shadow);
  }
  .tag {
    display: inline-flex; align-items: center; gap: 4px; padding: 1px 7px; max-width: 100%;
    border-radius: var(--r-full); background: var(--inset); color: var(--ink-2);
    font-size: var(--t-xs); line-height: 1.6; white-space: nowrap;
  }
  .tag.warn { background: var(--warn-soft); color: var(--warn-ink); }
  .tag.ok { background: var(--ok-soft); color: var(--ok-ink); }

  input, textarea, select {
    width: 100%; min-height: 34px; padding: 6px 10px; border-radius: var(--r-1);
    border: 1px solid var(--field-line); background: var(--surface); line-height: 1.45;
    transition: border-color var(--fast), box-shadow var(--fast);
  }
  textarea { resize: none; field-sizing: content; display: block; }
  input:focus, textarea:focus, select:focus {
    outline: none; border-color: var(--accent);
    box-shadow: 0 0 0 3px color-mix(in srgb, var(--accent) 18%, transparent);
  }
  ::placeholder { color: var(--ink-3); opacity: 1; }

  @media (prefers-reduced-motion: reduce) {
    *, *::before, *::after { animation: none !important; transition: none !important; }
  }
  @media (forced-colors: active) {
    .primary, .plain { border-color: ButtonBorder; }
  }
`;
