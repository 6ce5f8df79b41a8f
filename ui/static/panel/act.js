// How a component asks for something: it never talks to the server itself. The panel hears the event
// and sends the command to whatever source of events it was given.

/** Asks the panel to send a command (assist/events/commands.py). */
export function act(target, kind, values = {}) {
  target.dispatchEvent(
    new CustomEvent('assist-command', {
      detail: { kind, ...values },
      bubbles: true,
      composed: true,
    }),
  );
}

/** Asks the panel for something that concerns the page only: search, copy, help. */
export function ask(target, name, detail = {}) {
  target.dispatchEvent(new CustomEvent(`assist-${name}`, { detail, bubbles: true, composed: true }));
}

/** Which effect a command belongs to, so that its button can wait and its refusal be shown there. */
export const effectOf = (command) =>
  [command.kind, command.guide ?? command.utterance ?? command.id, command.step ?? command.at, command.choice ?? command.decision ?? command.slot]
    .filter((part) => part !== undefined)
    .join('/');
