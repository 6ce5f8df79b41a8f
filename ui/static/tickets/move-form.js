// What is asked for each move of a ticket, and the move made of the answers.

import { html, css, nothing } from '../vendor/lit.js';

const LEVELS = ['group', 'province', 'city'];
const RESULTS = ['solved', 'unsolved', 'withdrawn', 'duplicate'];
const HOUR_MS = 3600000;

export const moveStyles = css`
  form { display: grid; gap: var(--s-3); margin-top: var(--s-3); max-width: 560px; }
  label { display: grid; gap: 3px; font-size: var(--t-sm); color: var(--ink-2); }
  label > * { color: var(--ink); }
  .row { display: flex; gap: var(--s-2); }
  .hint { font-size: var(--t-xs); color: var(--ink-2); }
`;

export function moveForm(name, { ticket, allowed, now }, units, t) {
  const why = html`<label>${t('ask.why')}<input name="why" maxlength="500"></label>`;
  switch (name) {
    case 'dispatch':
      return html`<label>${t('ask.level')}<select name="level" required>${near(ticket.level).map((level) => html`<option value=${level} ?selected=${level === ticket.level}>${t(`level.${level}`)}</option>`)}</select></label>
        <p class="hint">${t('hint.level')}</p>
        <label>${t('ask.unit')}<input name="unit" list="units" required maxlength="200" autocomplete="off"><datalist id="units">${units.map((unit) => html`<option value=${unit}></option>`)}</datalist></label>${why}`;
    case 'append':
      return html`<label>${t('ask.text')}<textarea name="text" rows="3" required maxlength="4000"></textarea></label>`;
    case 'suspend':
      return html`<label>${t('ask.reason')}<textarea name="why" rows="2" required maxlength="4000"></textarea></label>
        <label>${t('ask.until')}<input type="datetime-local" name="until" required value=${local(Date.parse(now) + 24 * HOUR_MS)}></label>`;
    case 'close':
      return html`<label>${t('ask.result')}<select name="result" required>${RESULTS.filter((result) => allowed.includes(`close ${result}`)).map((result) => html`<option value=${result}>${t(`result.${result}`)}</option>`)}</select></label>
        ${allowed.includes('close solved') ? nothing : html`<p class="hint">${t('hint.solved')}</p>`}${why}`;
    default: // confirm, resume, passed, rejected
      return html`<p>${t(`ask.${name}`)}</p>${why}`;
  }
}

/** The move as the API takes it. */
export function moveOf(name, data) {
  const given = Object.fromEntries([...data].map(([key, value]) => [key, value.trim()]));
  if (given.until) given.until = new Date(given.until).toISOString();
  if (name === 'passed' || name === 'rejected') return { kind: 'review', passed: name === 'passed', ...given };
  return { kind: name, ...given };
}

const near = (level) => LEVELS.filter((each) => Math.abs(LEVELS.indexOf(each) - LEVELS.indexOf(level)) <= 1);

/** A moment as a datetime-local field takes it, in the browser's own time. */
function local(ms) {
  const at = new Date(ms);
  return new Date(ms - at.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}
