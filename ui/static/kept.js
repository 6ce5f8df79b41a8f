// What this browser keeps for its user. In a frame of another site the browser may forbid that: then
// a choice lasts as long as the page.

export function recall(name) {
  try {
    return localStorage.getItem(`assist.${name}`);
  } catch {
    return null;
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`assist.${name}`, value);
  } catch {
    // forbidden here
  }
}
