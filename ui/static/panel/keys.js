// What a key means now. Pure: state and key in, what to do out; the panel does it.

import { adviceKey } from './advice.js';
import { frontPage, placeOf, seenTicks } from './fold.js';

const LETTERS = { c: 'copy', t: 'ticket', a: 'append', '/': 'search', '?': 'help', j: 'live', n: 'decline' };

/**
 * `key` is KeyboardEvent.key in lower case, `code` KeyboardEvent.code, `shift` whether Shift is held.
 * Returns {command} for the call, {page: name} for the page, or null.
 */
export function meaningOf({ key, code = '', shift = false }, state) {
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(code)?.[1];
  if (shift && digit > 0 && digit <= 3) {
    const match = state.suggested[digit - 1];
    return match ? { command: { kind: 'open_guide', guide: match.guide } } : null;
  }
  const advised = adviceKey(key, state);
  if (advised) return { command: advised };
  const open = Object.values(state.conflicts).findLast((conflict) => !conflict.take);
  if (open && (key === 'k' || key === 'v')) {
    return { command: { kind: 'settle_conflict', slot: open.slot, take: key === 'k' ? 'known' : 'heard' } };
  }
  const page = frontPage(state);
  if (page && !(key in LETTERS && key !== 'n')) {
    const command = onPage(key, shift ? '' : digit, page, state);
    if (command) return { command };
  }
  if (key === 'n' && !openOffer(state)) return null;
  return LETTERS[key] ? { page: LETTERS[key] } : null;
}

function onPage(key, digit, page, state) {
  if (key === 'u') {
    const last = seenTicks(page).at(-1);
    return last ? { kind: 'undo_step', guide: page.guide, step: last.step } : null;
  }
  if (key === 'b') {
    const below = state.pages.at(-2);
    return below ? { kind: 'open_guide', guide: below.guide } : null;
  }
  const step = page.current;
  if (key === 'r' && step?.step_kind !== 'diagnose') return again(page, state);
  if (!step) return null;
  const at = { guide: step.guide, step: step.step };
  if (key === 'enter' || key === ' ') return confirm(step, at, page);
  if (digit !== undefined && digit !== '' && step.step_kind === 'ask') {
    const choice = digit === '0' ? '' : step.options[digit - 1]?.key;
    return choice === undefined ? null : { kind: 'answer_step', ...at, choice };
  }
  if (key === 'r' && step.step_kind === 'diagnose') {
    const running = state.diagnoses[placeOf(step)]?.status === 'running';
    return running ? null : { kind: 'retry_diagnosis', ...at };
  }
  const offer = openOffer(state);
  if (offer && key === 'y') return decide(offer, 'accepted');
  if (offer && key === 'l') return decide(offer, 'ignored');
  return null;
}

/** Enter and Space: what is plainly next, and nothing that cannot be taken back lightly. */
function confirm(step, at, page) {
  switch (step.step_kind) {
    case 'say':
    case 'handoff':
    case 'guide':
    case 'end':
      return { kind: 'tick_step', ...at };
    case 'ask':
      return page.proposed ? { kind: 'answer_step', ...at, choice: page.proposed.choice } : null;
    default:
      return null;
  }
}

/** A diagnosis that has just failed has led to its manual branch; going back to it runs it again. */
function again(page, state) {
  const last = seenTicks(page).at(-1);
  const failed = last && state.diagnoses[placeOf(last)]?.status === 'failed';
  return failed ? { kind: 'undo_step', guide: page.guide, step: last.step } : null;
}

function openOffer(state) {
  const step = frontPage(state)?.current;
  const offer = step?.step_kind === 'offer' ? state.offers[placeOf(step)] : null;
  return offer && !offer.decision ? offer : null;
}

const decide = (offer, decision) => ({
  kind: 'decide_offer',
  offer: offer.offer,
  decision,
  reason: '',
});

/** The list behind `?`: [keys, i18n key]. */
export const SHORTCUTS = [
  [['Enter', 'Space'], 'keys.done'],
  [['1', '–', '9'], 'keys.options'],
  [['0'], 'keys.unsure'],
  [['C'], 'keys.copy'],
  [['U'], 'keys.undo'],
  [['R'], 'keys.retry'],
  [['Y', 'N', 'L'], 'keys.offer'],
  [['K', 'V'], 'keys.conflict'],
  [['G', 'H'], 'keys.advice'],
  [['T'], 'keys.ticket'],
  [['A'], 'keys.append'],
  [['Ctrl', 'Enter'], 'keys.file'],
  [['Shift', '1', '–', '3'], 'keys.suggest'],
  [['/'], 'keys.search'],
  [['B'], 'keys.back'],
  [['J'], 'keys.live'],
  [['?'], 'keys.help'],
];

/** Keys belong to whatever is being typed in or pressed; the panel listens to the rest. */
export function belongsToTarget(event) {
  const [target] = event.composedPath();
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (!(target instanceof Element)) return false;
  if (target.closest('input, textarea, select, [contenteditable], dialog')) return true;
  const press = event.key === 'Enter' || event.key === ' ';
  return press && Boolean(target.closest('button, a, summary'));
}

/**
 * Who hears a key where several panels share a window: the one the focus is in; else, of those that
 * count the whole page as theirs, the one used last.
 */
export class KeyOwners {
  constructor() {
    this.panels = new Map(); // panel -> its listener, the one used last at the end
    this.hear = (event) => this.#hear(event);
    this.used = (event) => this.#used(event);
  }

  join(panel, listener) {
    if (!this.panels.size) {
      document.addEventListener('keydown', this.hear);
      for (const kind of ['pointerdown', 'focusin']) document.addEventListener(kind, this.used);
    }
    this.panels.set(panel, listener);
  }

  leave(panel) {
    this.panels.delete(panel);
    if (this.panels.size) return;
    document.removeEventListener('keydown', this.hear);
    for (const kind of ['pointerdown', 'focusin']) document.removeEventListener(kind, this.used);
  }

  #within(event) {
    const path = event.composedPath();
    return [...this.panels.keys()].find((panel) => path.includes(panel));
  }

  #used(event) {
    const panel = this.#within(event);
    if (panel) this.join(panel, this.#take(panel));
  }

  #take(panel) {
    const listener = this.panels.get(panel);
    this.panels.delete(panel);
    return listener;
  }

  #hear(event) {
    const whole = [...this.panels.keys()].filter((panel) => panel.shortcuts === 'page');
    const panel = this.#within(event) ?? whole.at(-1);
    this.panels.get(panel)?.(event);
  }
}
