// Asking the server as whoever is signed in: JSON out, JSON in, a refusal as an Error with code,
// message, remedy and values. What changes something carries the session's token.

let known = null;

/** {login, name, roles, csrf}, asked for once a page. */
export function me() {
  known ??= get('/api/me').catch((error) => {
    known = null;
    throw error;
  });
  return known;
}

export const get = (path) => answer(fetch(path));

/** Sends `body`; a token that has grown old is fetched anew, once. */
export async function post(path, body = {}) {
  try {
    return await posted(path, body);
  } catch (error) {
    if (error.code !== 'not_allowed.csrf') throw error;
    known = null;
    return posted(path, body);
  }
}

async function posted(path, body) {
  const { csrf } = await me();
  const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf ?? '' };
  return answer(fetch(path, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function answer(asking) {
  const response = await asking.catch(() => {
    throw Object.assign(new Error('offline'), { code: 'page.offline', remedy: '' });
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(body.message ?? String(response.status)), body);
  return body;
}

/** What a refusal says: in the reader's words where the page's table has `key`, else the server's. */
export function told(error, t, key) {
  const words = t.or(key, '');
  if (!words) return [error.message, error.remedy].filter(Boolean).join(' ');
  return t(key, error.values);
}
