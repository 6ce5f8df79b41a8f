// The options: checked as a whole, saved as a whole, and the browser asked for access to just the two
// sites that are named.

import { load, originOf, parseMap, patternOf, save } from './settings.js';

const text = (name, ...values) => chrome.i18n.getMessage(name, values.map(String));
const form = document.querySelector('form');
const [alert, status] = [document.querySelector('[role=alert]'), document.querySelector('[role=status]')];

function say(box, words) {
  for (const each of [alert, status]) each.hidden = each !== box || !words;
  box.textContent = words;
}

/** What is wrong with it, one sentence a line; empty if nothing is. */
function problems({ server, crm, map }) {
  const wrong = parseMap(map).wrong.map(({ line, text: line_ }) => text('badLine', line, line_));
  if (!originOf(server)) wrong.unshift(`${text('server')}: ${text('badAddress')}`);
  if (crm && !originOf(crm)) wrong.unshift(`${text('crm')}: ${text('badAddress')}`);
  return wrong;
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const given = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, name === 'map' ? value : value.trim()]));
  const wrong = problems(given);
  if (wrong.length) return say(alert, wrong.join('\n'));
  const origins = [given.server, given.crm].filter(Boolean).map((address) => patternOf(originOf(address)));
  if (!(await chrome.permissions.request({ origins }))) return say(alert, text('notAllowed'));
  await save(given);
  say(status, text('saved'));
});

document.documentElement.lang = chrome.i18n.getUILanguage();
document.title = text('optionsTitle');
for (const part of document.querySelectorAll('[data-text]')) part.textContent = text(part.dataset.text);
for (const [name, value] of Object.entries(await load())) form.elements[name].value = value;
