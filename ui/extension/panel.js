// The side panel: a frame of the server's page /embed, which finds the agent's own call and follows it
// to the next one. Here stand only the states in which that page cannot be shown, and the filling of
// the CRM's form, on the agent's click.

import { fillForm } from './fill.js';
import { addressOf, load, originOf, parseMap } from './settings.js';

const READY_WITHIN_MS = 6000;
const AGAIN_MS = 5000;
const NOTICE_MS = 8000;

const text = (name, ...values) => chrome.i18n.getMessage(name, values.map(String));
const part = (selector) => document.querySelector(selector);

let settings;
let frame = null;
let timer = 0;

async function begin() {
  clearTimeout(timer);
  settings = await load();
  frame?.remove();
  frame = null;
  const server = addressOf(settings.server);
  if (!server) return state('noServer', { options: true });
  if (!(await answers(server))) {
    timer = setTimeout(begin, AGAIN_MS);
    return state('offline', { retry: true, options: true });
  }
  state('connecting');
  frame = document.createElement('iframe');
  frame.title = text('name');
  frame.allow = 'clipboard-write';
  frame.hidden = true;
  frame.src = `${server}/embed`;
  document.body.append(frame);
  timer = setTimeout(() => state('refused', { retry: true, code: `chrome-extension://${chrome.runtime.id}` }), READY_WITHIN_MS);
}

/** Whether the server is there, at this very address. */
const answers = (server) => fetch(`${server}/health`, { cache: 'no-store' }).then(({ ok }) => ok, () => false);

/** Shows why there is no panel, in place of it. */
function state(name, { retry = false, options = false, code = '' } = {}) {
  part('.state').hidden = false;
  if (frame) frame.hidden = true;
  part('.state h1').textContent = text(name);
  part('.state p').textContent = text(`${name}Text`);
  part('.state code').textContent = code;
  part('.state code').hidden = !code;
  part('#retry').hidden = !retry;
  part('#options').hidden = !options;
}

function shown() {
  clearTimeout(timer);
  part('.state').hidden = true;
  frame.hidden = false;
}

function notice(words) {
  const box = part('.notice');
  box.textContent = words;
  box.hidden = false;
  clearTimeout(notice.timer);
  notice.timer = setTimeout(() => (box.hidden = true), NOTICE_MS);
}

addEventListener('message', ({ source, origin, data }) => {
  if (!frame || source !== frame.contentWindow || origin !== originOf(settings.server) || data?.assist !== 1) return;
  if (data.type === 'ready') shown();
  if (data.type === 'fill_form') fill(data.fields);
});

/** Into the tab that the agent looks at, if it is the CRM's. */
async function fill(fields) {
  const { fields: selectors } = parseMap(settings.map);
  if (!Object.keys(selectors).length) return notice(text('fillNoMap'));
  const [tab] = await chrome.tabs.query({ active: true, lastFocusedWindow: true });
  // Without leave for its site a tab has no address for us.
  if (!tab?.url || originOf(tab.url) !== originOf(settings.crm)) return notice(text('fillNotHere'));
  const [{ result }] = await chrome.scripting.executeScript({ target: { tabId: tab.id }, func: fillForm, args: [selectors, fields] });
  const { filled, missing } = result;
  notice(missing.length ? text('filledSome', filled.length, missing.join('、')) : text('filled', filled.length));
}

document.documentElement.lang = chrome.i18n.getUILanguage();
document.title = text('name');
part('#retry').textContent = text('retry');
part('#options').textContent = text('openOptions');
part('#retry').addEventListener('click', begin);
part('#options').addEventListener('click', () => chrome.runtime.openOptionsPage());
chrome.storage.onChanged.addListener(begin);
begin();
