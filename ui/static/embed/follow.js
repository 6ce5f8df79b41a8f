// Which call the frame shows. Pure: the list of calls and what is shown in, the call out.

/** The agent's own live calls, newest first; all that are listed where no agent is named. */
export const liveOf = (calls, agent) => calls.filter((call) => call.status === 'live' && (!agent || call.agent === agent));

/**
 * The call to show. One that the agent or the host page chose stays while it is live, and so does
 * any live one; once it is over the next live call takes its place, and until there is one it stays,
 * for its wrap-up.
 */
export function callToShow(calls, shown, agent) {
  const live = liveOf(calls, agent);
  if (live.some((call) => call.id === shown)) return shown;
  const here = calls.find((call) => call.id === shown);
  if (here?.status === 'live') return shown; // another's, opened by name
  return live[0]?.id ?? shown;
}

/** Calls of the agent that are over without a wrap-up, the newest first; at most the latest hour's. */
export function unwrapped(calls, shown, agent, left) {
  return calls.filter((call) => left.has(call.id) && call.id !== shown && call.status !== 'live' && !call.outcome && (!agent || call.agent === agent));
}
