// Where the server is, under whatever path prefix: this module came from there.

/** Without a slash at its end. */
export const SERVER = new URL('..', import.meta.url).href.slice(0, -1);

const PREFIX = SERVER.slice(new URL(SERVER).origin.length);

/** "/wall" -> "/assist/wall" */
export const linkTo = (path) => PREFIX + path;

/** Of this page, without the prefix. */
export const pathHere = () => location.pathname.slice(PREFIX.length) || '/';

export const socketUrl = (path, server = SERVER) => server.replace(/^http/, 'ws') + path;

export const signInPath = () => linkTo(`/sign-in?next=${encodeURIComponent(location.pathname + location.search)}`);
