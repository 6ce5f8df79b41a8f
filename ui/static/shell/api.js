// The server's JSON, asked as the person who is signed in. What changes something carries the page's
// token; whoever is no longer signed in is led to signing in, and back to this page.

import { linkTo, signInPath } from '../server.js';

let asked = null;

/** {login, name, roles, pages, csrf, demo} of who is signed in; asked for once. */
export function me() {
  asked ??= getJson('/api/me').catch((error) => {
    asked = null;
    throw error;
  });
  return asked;
}
me.forget = () => (asked = null);

/** Leads to the sign-in page, which comes back here. */
export function signInAgain() {
  location.assign(signInPath());
}

/** The answer; an error has `code`, `message`, `remedy`, `values` and `status`. */
export async function plainJson(path, options) {
  const answer = await fetch(linkTo(path), { headers: { accept: 'application/json' }, ...options });
  const body = await answer.json().catch(() => ({}));
  if (answer.ok) return body;
  throw Object.assign(new Error(body.message ?? String(answer.status)), body, { status: answer.status });
}

/** The same; whoever must sign in is led there. */
export async function getJson(path, options) {
  try {
    return await plainJson(path, options);
  } catch (error) {
    if (error.code === 'sign_in.needed') signInAgain();
    throw error;
  }
}

/** Sends `body` as JSON; a FormData goes as it is. */
export async function postJson(path, body = {}, { method = 'POST', again = true, ask = getJson } = {}) {
  const { csrf } = await me();
  const raw = body instanceof FormData;
  const headers = { accept: 'application/json', 'x-csrf-token': csrf };
  if (!raw) headers['content-type'] = 'application/json';
  try {
    return await ask(path, { method, headers, body: raw ? body : JSON.stringify(body) });
  } catch (error) {
    // Somebody has signed in anew in another window: the page's token is of the session before.
    if (error.code !== 'not_allowed.csrf' || !again) throw error;
    asked = null;
    return postJson(path, body, { method, again: false, ask });
  }
}

export async function signOut() {
  await postJson('/api/sign-out');
  location.assign(linkTo('/sign-in'));
}
