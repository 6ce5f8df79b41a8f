// Where the steps of a guide stand in its graph: in rows by the longest way from the first one, each
// row in the order of what leads to it. Pure.

export const BOX = { width: 132, height: 44, gapX: 22, gapY: 40 };

/** {nodes: [{...step, x, y}], edges: [{from, to, why, back}], width, height} */
export function layout(steps, edges) {
  if (!steps.length) return { nodes: [], edges: [], width: 0, height: 0 };
  const order = new Map(steps.map((step, i) => [step.id, i]));
  const known = edges.filter(({ from, to }) => order.has(from) && order.has(to));
  const back = backEdges(steps, known);
  const forward = known.filter((edge) => !back.has(edge));
  const rank = ranks(steps, forward);
  const rows = [];
  for (const step of steps) (rows[rank.get(step.id)] ??= []).push(step.id);
  const place = new Map();
  for (const row of rows.map((each) => each ?? [])) {
    const pull = (id) => {
      const above = forward.filter((edge) => edge.to === id && place.has(edge.from)).map((edge) => place.get(edge.from));
      return above.length ? above.reduce((a, b) => a + b, 0) / above.length : 0;
    };
    row.sort((a, b) => pull(a) - pull(b) || order.get(a) - order.get(b));
    row.forEach((id, i) => place.set(id, i - (row.length - 1) / 2));
  }
  const widest = Math.max(...rows.map((row) => row?.length ?? 0));
  const width = widest * (BOX.width + BOX.gapX) + BOX.gapX;
  const nodes = steps.map((step) => ({
    ...step,
    x: width / 2 + place.get(step.id) * (BOX.width + BOX.gapX) - BOX.width / 2,
    y: BOX.gapY / 2 + rank.get(step.id) * (BOX.height + BOX.gapY),
  }));
  return { nodes, edges: merged(known).map((edge) => ({ ...edge, back: back.has(edge.first) })), width, height: rows.length * (BOX.height + BOX.gapY) };
}

/** Ways that lead back to a step which is still being walked. */
function backEdges(steps, edges) {
  const out = Map.groupBy(edges, (edge) => edge.from);
  const state = new Map();
  const back = new Set();
  const visit = (id) => {
    state.set(id, 'open');
    for (const edge of out.get(id) ?? []) {
      if (state.get(edge.to) === 'open') back.add(edge);
      else if (!state.has(edge.to)) visit(edge.to);
    }
    state.set(id, 'done');
  };
  for (const { id } of steps) if (!state.has(id)) visit(id);
  return back;
}

function ranks(steps, edges) {
  const rank = new Map(steps.map(({ id }) => [id, 0]));
  for (let round = 0; round < steps.length; round++) {
    let moved = false;
    for (const { from, to } of edges) {
      if (rank.get(to) <= rank.get(from)) {
        rank.set(to, rank.get(from) + 1);
        moved = true;
      }
    }
    if (!moved) break;
  }
  return rank;
}

/** One arrow for all ways between the same two steps. */
function merged(edges) {
  const found = new Map();
  for (const edge of edges) {
    const key = `${edge.from} ${edge.to}`;
    const one = found.get(key);
    if (one) one.why = [...new Set([one.why, edge.why])].filter(Boolean).join(' / ');
    else found.set(key, { from: edge.from, to: edge.to, why: edge.why, first: edge });
  }
  return [...found.values()];
}

/** The path of an arrow between two boxes. */
export function arrow(from, to, back) {
  const x1 = from.x + BOX.width / 2;
  const x2 = to.x + BOX.width / 2;
  if (back) {
    const side = Math.max(from.x, to.x) + BOX.width;
    const bend = side + 26;
    return `M${from.x + BOX.width} ${from.y + BOX.height / 2} C${bend} ${from.y} ${bend} ${to.y + BOX.height} ${to.x + BOX.width} ${to.y + BOX.height / 2}`;
  }
  const [y1, y2] = [from.y + BOX.height, to.y];
  const bend = Math.max(18, (y2 - y1) / 2);
  return `M${x1} ${y1} C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2 - 2}`;
}
