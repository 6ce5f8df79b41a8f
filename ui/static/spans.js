// How long something has been, or still is, in the one unit that matters; and moments.

/** 5400000 -> "2小时", "2 hr" */
export function span(ms, t) {
  const minutes = Math.max(0, Math.round(ms / 60000));
  if (minutes < 90) return inUnits(minutes, 'minute', t);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? inUnits(hours, 'hour', t) : inUnits(Math.round(hours / 24), 'day', t);
}

const inUnits = (n, unit, t) => new Intl.NumberFormat(t.tag, { style: 'unit', unit, unitDisplay: 'short' }).format(n);

export const moment = (iso, t) =>
  new Date(iso).toLocaleString(t.tag, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
