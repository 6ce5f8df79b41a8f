// What a form's fields do to a guide, as a list of small edits of its text. Pure: the server makes
// them, one after another, and refuses what cannot be made.

const isEmpty = (value) => value === '' || value === null || value === undefined || (Array.isArray(value) && !value.length);
const KEPT = new Set(['title', 'id', 'owner', 'label']); // emptied, they say so by their problems

export const valueAt = (guide, at) => at.reduce((here, part) => here?.[part], guide);

/** Edits of a guide, each on top of those before it. */
export class Edits {
  constructor(guide) {
    this.guide = structuredClone(guide);
    this.list = [];
  }

  /** A value at a place; where it is empty, the place goes, with what would be left empty around it. */
  put(at, value) {
    const was = valueAt(this.guide, at);
    if (JSON.stringify(was) === JSON.stringify(value)) return this;
    if (isEmpty(value) && !KEPT.has(at.at(-1))) return was === undefined ? this : this.remove(at);
    let place = at;
    let whole = value;
    while (place.length > 1 && valueAt(this.guide, place.slice(0, -1)) === undefined) {
      whole = { [place.at(-1)]: whole };
      place = place.slice(0, -1);
    }
    return this.#do({ op: 'set', at: place, value: whole }, (owner, last) => (owner[last] = structuredClone(whole)));
  }

  remove(at) {
    const owner = valueAt(this.guide, at.slice(0, -1));
    if (at.length > 1 && Object.keys(owner).length === 1) return this.remove(at.slice(0, -1));
    return this.#do({ op: 'remove', at }, (here, last) => (Array.isArray(here) ? here.splice(last, 1) : delete here[last]));
  }

  insert(at, value) {
    if (valueAt(this.guide, at.slice(0, -1)) === undefined) return this.put(at.slice(0, -1), [value]);
    return this.#do({ op: 'insert', at, value }, (owner, last) => owner.splice(last, 0, value));
  }

  move(at, to) {
    return this.#do({ op: 'move', at, to }, (owner, last) => {
      if (Array.isArray(owner)) return owner.splice(to, 0, ...owner.splice(last, 1));
      const names = Object.keys(owner).filter((name) => name !== last);
      names.splice(to, 0, last);
      const values = { ...owner };
      for (const name of names) {
        delete owner[name];
        owner[name] = values[name];
      }
    });
  }

  /** Another name for a step, wherever it is named: as a target, and in texts as `results.NAME`. */
  renameStep(i, name) {
    const old = this.guide.steps[i].id;
    this.put(['steps', i, 'id'], name);
    const named = new RegExp(`\\bresults\\.${old.replaceAll('-', '\\-')}\\b`, 'g');
    for (const [at, text] of textsOf(this.guide)) {
      const isTarget = at[0] === 'steps' && text === old && leads(at.slice(2));
      if (isTarget) this.put(at, name);
      else if (named.test(text)) this.put(at, text.replace(named, `results.${name}`));
    }
    return this;
  }

  /** An answer goes with its phrases, and with the ways that steps take for it. */
  removeChoice(slot, choice) {
    const places = [['slots', slot, 'hear', choice], ['slots', slot, 'choices', choice]];
    this.guide.steps.forEach((step, i) => step.ask === slot && places.unshift(['steps', i, 'hear', choice], ['steps', i, 'choices', choice]));
    for (const at of places) if (valueAt(this.guide, at) !== undefined) this.remove(at);
    return this;
  }

  #do(edit, change) {
    change(valueAt(this.guide, edit.at.slice(0, -1)), edit.at.at(-1));
    this.list.push(edit);
    return this;
  }
}

const leads = ([key, ...rest]) => ['next', 'otherwise', 'manual', 'choices'].includes(key) || (key === 'cases' && rest[1] === 'next');

function* textsOf(value, at = []) {
  if (typeof value === 'string') yield [at, value];
  else if (Array.isArray(value)) for (const [i, each] of [...value].entries()) yield* textsOf(each, [...at, i]);
  else if (value && typeof value === 'object') for (const key of Object.keys(value)) yield* textsOf(value[key], [...at, key]);
}

const KINDS = ['ask', 'diagnose', 'offer', 'ticket', 'handoff', 'guide', 'end'];

/** A step's kind is told by the key it carries. */
export const kindOf = (step) => KINDS.find((kind) => step[kind]) ?? 'say';

/** A name that none of these has. */
export function free(stem, taken) {
  let n = 1;
  while (taken.includes(`${stem}_${n}`)) n++;
  return `${stem}_${n}`;
}
