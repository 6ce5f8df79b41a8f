// Asking the server from a page that watches: a refusal is shown where it came, nobody is led away,
// and no answer at all is the refusal `page.offline`.

import { me as person, plainJson, postJson } from './shell/api.js';

/** {login, name, roles, csrf}, asked for once a page. */
export const me = () => orOffline(person());

export const get = (path) => orOffline(plainJson(path));

export const post = (path, body = {}) => orOffline(postJson(path, body, { ask: plainJson }));

async function orOffline(asking) {
  try {
    return await asking;
  } catch (error) {
    if (error.status) throw error;
    throw Object.assign(new Error('offline'), { code: 'page.offline', remedy: '' });
  }
}

/** What a refusal says: in the reader's words where the page's table has `key`, else the server's. */
export function told(error, t, key) {
  const words = t.or(key, '');
  if (!words) return [error.message, error.remedy].filter(Boolean).join(' ');
  return t(key, error.values);
}
