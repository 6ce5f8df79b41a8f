// What the card is told of the call's effects.

import { placeOf } from './fold.js';

/** A function of state and place that gives the same object until one of its parts changes: speech
 * must not redraw the card. */
export function effectsOnce() {
  let made = [];
  let effects = null;
  return (state, place, host) => {
    const { diagnoses, offers, drafts, tickets, slots, troubles } = state;
    const parts = [place, host, diagnoses, offers, drafts, tickets, slots, troubles];
    if (effects && parts.every((part, i) => part === made[i])) return effects;
    // A failed diagnosis or ticket shows its trouble itself; other troubles of the step stand below it.
    const own = [diagnoses[place], tickets[place]].find((effect) => effect?.status === 'failed')?.trouble.key;
    const rest = troubles.filter((trouble) => placeOf(trouble) === place && (!own || trouble.key !== own));
    made = parts;
    effects = { diagnoses, offers, drafts, tickets, slots, troubles: rest, host };
    return effects;
  };
}
