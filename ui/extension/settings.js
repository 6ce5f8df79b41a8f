// What the options keep: the server's address, the CRM's, and which of its fields is which.

const NAMES = ['server', 'crm', 'map'];

export const load = async () => ({ server: '', crm: '', map: '', ...(await chrome.storage.local.get(NAMES)) });

export const save = (settings) => chrome.storage.local.set(settings);

/** "https://crm.example.com/any/page" -> "https://crm.example.com"; "" for what is no address. */
export function originOf(text) {
  if (!URL.canParse(text)) return '';
  const { protocol, origin } = new URL(text);
  return ['http:', 'https:'].includes(protocol) ? origin : '';
}

/** The same with its path prefix: "https://assist.example.com/assist/" -> "https://assist.example.com/assist". */
export const addressOf = (text) => originOf(text) && originOf(text) + new URL(text).pathname.replace(/\/+$/, '');

/** The pattern of a host permission; ports are not part of it. */
export function patternOf(origin) {
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}/*`;
}

/**
 * "phone = #contact" a line -> {fields: {phone: '#contact'}, wrong: [{line, text}]}. Empty lines and
 * those that begin with # and no "=" are left out.
 */
export function parseMap(text, isSelector = canSelect) {
  const fields = {};
  const wrong = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (!line || (line.startsWith('#') && !line.includes('='))) return;
    const at = line.indexOf('=');
    const [name, selector] = [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    if (at > 0 && /^[\w.-]+$/.test(name) && selector && isSelector(selector)) fields[name] = selector;
    else wrong.push({ line: i + 1, text: line });
  });
  return { fields, wrong };
}

function canSelect(selector) {
  try {
    document.createDocumentFragment().querySelector(selector);
    return true;
  } catch {
    return false;
  }
}
