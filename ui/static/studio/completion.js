// What may be written at a place of a guide: keys from the JSON schema, values from the schema, from
// the file itself and from what the house has. Pure: text in, choices out.

const LINE = /^(\s*)(- +)?(?:([^\s#:'"[{-][^#:]*?):(?: +(.*))?$)?/;

/** The way to the place: keys and '*' for an item of a list; `key` is the one whose value is written,
 *  null where a key is. Told by the indents above: what is being written is no YAML yet. */
export function placeOf(text, at) {
  const lines = text.slice(0, at).split('\n');
  const line = lines.pop();
  const path = [];
  const own = LINE.exec(line);
  let limit = own[1].length; // whatever holds this place begins to the left of it
  let inItem = Boolean(own[2]); // of a list: the items above it are its neighbours
  if (own[2]) {
    path.unshift('*');
    limit += 1; // a list may stand right below its key
  }
  for (const above of lines.reverse()) {
    if (limit <= 0) break;
    const [, space, dash, key, value] = LINE.exec(above);
    if (!above.trim() || above.trim().startsWith('#') || (!dash && !key)) continue;
    const column = space.length + (dash?.length ?? 0);
    const holds = key && !(value ?? '').replace(/^#.*/, '').trim() && column < limit;
    if (holds) path.unshift(key);
    if (dash && (holds || (!inItem && space.length < limit && limit <= column))) {
      path.unshift('*');
      limit = space.length + 1;
      inItem = true;
    } else if (holds) {
      limit = column;
      inItem = false;
    }
  }
  return within(path, line);
}

/** Into `{a: {b: ` on the line itself. */
function within(path, line) {
  const found = [...path];
  const flow = /^\s*(?:- +)*(?:([\w.-]+):\s*)?([{[].*)$/.exec(line);
  const plain = /^\s*(?:- +)*([\w.-]+):\s*(.*)$/.exec(line);
  if (!flow) return { path: found, key: plain?.[1] ?? null, word: /[\w.-]*$/.exec(plain?.[2] ?? line)[0] };
  if (flow[1]) found.push(flow[1]);
  const depths = [];
  let key = null;
  let word = '';
  for (const part of flow[2].match(/"[^"]*"|'[^']*'|[{}[\],]|[^{}[\],"']+/g) ?? []) {
    const named = /^\s*([\w.-]+)\s*:\s*(.*)$/.exec(part);
    if (part === '{' || part === '[') {
      depths.push(found.length);
      if (key) found.push(key);
      if (part === '[') found.push('*');
    } else if (part === '}' || part === ']') found.length = depths.pop() ?? found.length;
    if (named) [, key, word] = named;
    else if (/^[{}[\],]$/.test(part)) [key, word] = [null, ''];
    else word = part.trim();
  }
  return { path: found, key, word: /[\w.-]*$/.exec(word)[0] };
}

const resolve = (schema, root) => {
  let one = schema ?? {};
  if (one.$ref) one = root.$defs[one.$ref.split('/').at(-1)];
  if (one.anyOf) one = { ...one, ...resolve(one.anyOf.find((each) => each.type !== 'null'), root) };
  return one;
};

/** The part of the schema at this way. */
export function schemaAt(root, path) {
  let here = root;
  for (const part of path) {
    here = resolve(here, root);
    if (part === '*') here = here.items;
    else here = here.properties?.[part] ?? here.additionalProperties;
    if (!here || here === true) return {};
  }
  return resolve(here, root);
}

const STEP_VALUES = new Set(['next', 'otherwise', 'manual']);
const HOUSE = { diagnose: 'connectors', offer: 'offers', guide: 'guides', ticket: 'tickets', type: 'tickets' };

/** Choices at a place, each {label, detail, apply}. `facts` are steps and slots of the last check. */
export function choicesAt({ path, key }, { schema, names }, facts) {
  const own = (list) => Object.entries(list ?? {}).map(([label, detail]) => ({ label, detail: String(detail.title ?? (typeof detail === 'string' ? detail : '')) }));
  const steps = facts.steps.map(({ id, title }) => ({ label: id, detail: title }));
  const inStep = path[0] === 'steps';
  if (key !== null) {
    const parent = path.at(-1);
    if (inStep && (STEP_VALUES.has(key) || parent === 'choices')) return steps;
    if (inStep && key === 'ask') return own(Object.fromEntries(Object.keys(facts.slots).map((name) => [name, ''])));
    if (inStep && key in HOUSE) return own(names[HOUSE[key]]);
    const here = schemaAt(schema, [...path, key]);
    const values = here.enum ?? (here.const ? [here.const] : here.type === 'boolean' ? ['true', 'false'] : []);
    return values.filter(String).map((value) => ({ label: String(value), detail: '' }));
  }
  const parent = path.at(-1);
  const slot = inStep && ['choices', 'hear'].includes(parent) ? facts.asked : null;
  if (slot) return own(facts.slots[slot]).map((each) => ({ ...each, apply: `${each.label}: ` }));
  if (inStep && parent === 'fills') return own(facts.slots).map((each) => ({ label: each.label, apply: `${each.label}: ` }));
  if (parent === 'tags') return names.tags.map((label) => ({ label, apply: `${label}: ` }));
  if (['tickets', 'last_call'].includes(parent)) return own(parent === 'tickets' ? names.tickets : names.guides).map((each) => ({ ...each, apply: `${each.label}: ` }));
  const here = schemaAt(schema, path);
  if (here.enum) return here.enum.map((value) => ({ label: String(value) }));
  return Object.entries(here.properties ?? {}).map(([label, one]) => ({ label, detail: resolve(one, schema).type ?? '', info: one.description, apply: `${label}: ` }));
}

/** The slot that the step around this place asks for. */
export function askedAt(text, at) {
  const before = text.slice(0, at);
  const from = before.lastIndexOf('\n  - ');
  const rest = text.slice(from + 1);
  const end = rest.indexOf('\n  - ', 4);
  return /^\s*(?:- +)?ask: *([\w-]+)/m.exec(end < 0 ? rest : rest.slice(0, end))?.[1] ?? '';
}
