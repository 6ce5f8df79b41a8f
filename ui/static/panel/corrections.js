// Corrected words of a line: where they stand in what is shown, and how they look. Pure but for markup.
//
// A correction's `at` counts characters (code points) of the verbatim text; the written form may have
// moved or changed the word, so there it is found by its turn among the like words of the line.

import { html, css, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { act, effectOf } from './act.js';

const MASK = '*'; // as assist/privacy stars what is private

export const correctionStyles = css`
  .meant { display: inline; min-height: 0; padding: 0; border: 0; border-radius: 3px; line-height: inherit; text-align: inherit; user-select: text;
    text-decoration: underline dotted 1.5px var(--ink-3); text-underline-offset: 4px; }
  .meant:hover, .meant[aria-expanded='true'] { background: var(--hover); text-decoration-color: var(--ink); }
  .meant .icon { display: inline; vertical-align: -2px; margin-inline-start: 4px; color: var(--ink-3); }
  .was { grid-column: 2; display: flex; flex-wrap: wrap; align-items: center; gap: 2px var(--s-3); width: fit-content; margin: 3px 0 4px; padding: 3px 4px 3px 10px;
    border-radius: var(--r-1); background: var(--inset); color: var(--ink-2); font-size: var(--t-xs); scroll-margin-block: 16px 48px; }
  .was button { min-height: 26px; padding: 0 var(--s-2); gap: 5px; font-size: var(--t-xs); color: var(--ink); }
  .was button[aria-disabled='true'] { color: var(--ink-3); cursor: default; }
  .was .later { color: var(--ink-3); }
  .was:not(:has(button)) { padding-inline-end: 10px; }
`;

/** A line's shown text in `parts`, each corrected word by itself; `lost` are those not found in it. */
export function partsOf({ text, display, corrections }, verbatim) {
  const shown = verbatim ? text : display || text;
  const parts = [];
  const lost = [];
  let done = 0;
  for (const correction of [...corrections].sort((a, b) => a.at - b.at)) {
    const start = placeIn(shown, text, correction, done);
    if (start < done) {
      lost.push(correction);
      continue;
    }
    const end = start + correction.meant.length;
    if (start > done) parts.push({ text: shown.slice(done, start) });
    parts.push({ text: shown.slice(start, end), correction });
    done = end;
  }
  if (done < shown.length) parts.push({ text: shown.slice(done) });
  return { parts, lost };
}

function placeIn(shown, text, { at, meant }, from) {
  const inText = placesOf(text, meant);
  const inShown = placesOf(shown, meant);
  const turn = inText.indexOf([...text].slice(0, at).join('').length);
  // As many as were said: the same one. Otherwise repeats were left out, and the next one will do.
  if (inShown.length === inText.length) return inShown[turn] ?? -1;
  return inShown.find((place) => place >= from) ?? -1;
}

function placesOf(text, word) {
  const [all, one] = [text.toLowerCase(), word.toLowerCase()];
  const places = [];
  for (let at = all.indexOf(one); one && at >= 0; at = all.indexOf(one, at + 1)) places.push(at);
  return places;
}

/**
 * Whether the server would take it back: the line is final and the word stands where it says. In a
 * masked line nothing is left to go back to.
 */
export function canRestore({ tier, text }, { at, heard, meant }) {
  const stands = [...text].slice(at, at + [...meant].length).join('') === meant;
  return tier === 'final' && stands && !heard.includes(MASK);
}

export const sameCorrection = (a, b) => a.at === b.at && likeCorrection(a, b);

const likeCorrection = (a, b) => a.heard === b.heard && a.meant === b.meant;

/** The correction as it stands now, or undefined; in text that was growing (`tier`) it may have moved. */
export const sameIn = (corrections, one, tier) =>
  corrections.find((other) => sameCorrection(other, one)) ??
  (tier === 'final' ? undefined : corrections.find((other) => likeCorrection(other, one)));

/** Whether anything in these lines reads otherwise word for word. */
export const hasWritten = (lines) => lines.some(({ tier, display, text }) => tier === 'final' && display && display !== text);

const says = ({ heard, meant }, t) => t('correction.was', { heard, meant });
const idOf = (utterance) => `was-${utterance}`;
const wordOf = (utterance, { heard, meant }) => [utterance, heard, meant].join('/');

/** The corrected word, or with no text a small mark at the end of the line; opens what was heard. */
export function correctedWord({ text, correction, utterance, open, toggle }, t) {
  return html`<button type="button" class="meant" data-word=${wordOf(utterance, correction)} data-at=${correction.at}
    title=${says(correction, t)} aria-label=${says(correction, t)}
    aria-expanded=${open} aria-controls=${open ? idOf(utterance) : nothing} @click=${toggle}>${text || icon('ear', 13)}</button>`;
}

/** What was heard, and the way back to it where there is one. */
export function asHeard({ correction, line, busy, readonly }, t) {
  const command = { utterance: line.utterance, at: correction.at };
  const waits = busy.has(effectOf({ kind: 'revert_correction', ...command }));
  const back = () => html`<button type="button" class="plain" aria-disabled=${waits} @click=${(e) => act(e.target, 'revert_correction', command)}>${
    icon('undo-2', 13)}${t('correction.restore')}</button>`;
  const later = () => html`<span class="later">${t('correction.later')}</span>`;
  const way = readonly ? nothing : line.tier !== 'final' ? later() : canRestore(line, correction) ? back() : nothing;
  return html`<div class="was" id=${idOf(line.utterance)} data-word=${wordOf(line.utterance, correction)} data-at=${correction.at}><span>${says(correction, t)}</span>${way}</div>`;
}
