// What is true in a call now, folded from its events: the same semantics as assist/state/.
// Pure: no DOM, no clock, no network. Every step returns a new state and never alters the old one.

import { speech } from './fold-lines.js';

export const EMPTY = Object.freeze({
  call: '',
  seq: 0,
  at_ms: 0,
  status: 'waiting', // waiting | live | ended | broken_off
  end_reason: '',
  started: null, // agent: who has the call now
  held: false,
  lang: 'zh', // Chinese until another is given or told, as in assist/state
  customer: null,
  customer_by: '',
  last_calls: [], // the customer's latest calls, newest first
  continuations: {}, // guide -> {earlier, days, decision}
  customer_asked: '', // the number that is being looked up
  customer_unknown: '',
  lines: [],
  suggested: [],
  pages: [], // open guides, the front one last
  closed: [],
  slots: {},
  diagnoses: {}, // "guide/step" -> {key, status: running|done|failed, …}
  offers: {}, // "guide/step" -> {offer, title, text, decision, …}
  drafts: {}, // "guide/step" -> the latest ticket_drafted
  tickets: {}, // "guide/step" -> {key, status: asked|waiting|filed|failed, number, …}
  troubles: [],
  conflicts: {}, // slot -> {known, heard, take}: heard otherwise than it is known
  prohibited: [], // what the agent said and must not say, in order
  mood: null, // mood_heard, once the customer is angry
  advice: [], // what a supervisor sent, in order, with the agent's answer ('' while open)
  handed_off: null,
  wrapped: null,
  summaries: {}, // wrap_up | hand_over -> the latest summary_drafted or summary_kept
});

/** The state after `events`, in order. */
export function foldAll(events, state = EMPTY) {
  return events.reduce(fold, state);
}

/** The state after one more event. An event already folded (by seq) changes nothing. */
export function fold(state, event) {
  if (event.seq <= state.seq) return state;
  const next = {
    ...state,
    call: event.call,
    seq: event.seq,
    at_ms: Math.max(state.at_ms, event.at_ms),
  };
  const change = FACTS[event.fact.kind];
  return change ? { ...next, ...change(next, event.fact, event) } : next;
}

export const placeOf = (fact) => `${fact.guide}/${fact.step}`;
export const frontPage = (state) => state.pages.at(-1) ?? null;

/** Ticks that the agent saw happen: steps whose condition did not hold are no news to anybody. */
export const seenTicks = (page) => page.ticks.filter((tick) => !tick.skipped);

/** What a supervisor sent and the agent has not answered yet. */
export const openAdvice = (state) => state.advice.filter((advice) => !advice.answer);

const FACTS = {
  call_started: (_, fact) => ({ started: fact, lang: fact.lang === 'auto' ? 'zh' : fact.lang, status: 'live' }),
  language_told: (_, fact) => ({ lang: fact.lang }),
  call_ended: (_, fact) => ({
    status: ['hangup', 'stopped'].includes(fact.reason) ? 'ended' : 'broken_off',
    end_reason: fact.reason,
    suggested: [],
  }),
  call_held: () => ({ held: true }),
  call_resumed: () => ({ held: false }),
  call_transferred: (state, fact) => ({ started: state.started && { ...state.started, agent: fact.to } }),
  call_wrapped: (_, fact) => ({ wrapped: fact }),
  customer_asked: (_, fact) => ({ customer_asked: fact.number, customer_unknown: '' }),
  customer_found: (_, fact) => ({ customer: fact.customer, customer_by: fact.by, last_calls: fact.last_calls ?? [] }),
  customer_unknown: (_, fact) => ({ customer_unknown: fact.number }),
  handed_off: (_, fact) => ({ handed_off: fact }),
  summary_drafted: (state, fact) => ({ summaries: { ...state.summaries, [fact.of]: fact } }),
  summary_kept: (state, fact) => ({ summaries: { ...state.summaries, [fact.of]: fact } }),

  speech_guessed: (state, fact) =>
    speech(state, fact, (line) => ({ ...line, guess: fact.text })),
  speech_stable: (state, fact) =>
    speech(state, fact, (line) => ({ ...line, text: fact.text, tier: 'stable', corrections: fact.corrections ?? [] })),
  segment_heard: (state, fact) =>
    speech(state, fact, (line) => ({
      ...line,
      speaker: fact.speaker,
      start_ms: fact.start_ms,
      end_ms: fact.end_ms,
      confidence: fact.confidence,
      text: fact.text,
      display: fact.display ?? '',
      corrections: fact.corrections ?? [],
      guess: '',
      tier: 'final',
    })),
  correction_reverted: (state, { utterance, text, display = '', corrections = [] }) => ({
    lines: state.lines.map((line) => (line.utterance === utterance ? { ...line, text, display, corrections } : line)),
  }),
  speech_dropped: (state, fact) => ({
    lines: state.lines.filter((line) => line.utterance !== fact.utterance),
  }),

  guides_suggested: (_, fact) => ({ suggested: fact.matches }),
  guide_opened: opened,
  guide_closed: (state, fact) => {
    const gone = state.pages.filter((page) => page.guide === fact.guide);
    return {
      pages: state.pages.filter((page) => page.guide !== fact.guide),
      closed: [...state.closed, ...gone.map((page) => ({ ...page, reason: fact.reason }))],
      suggested: state.suggested.filter((match) => match.guide !== fact.guide),
    };
  },

  step_shown: (state, fact) =>
    withPage(state, fact.guide, (page) => ({
      current: fact,
      proposed: null,
      shown: { ...page.shown, [fact.step]: fact },
      ticks: page.ticks.filter((tick) => tick.step !== fact.step), // come to once more: open again
    })),
  step_ticked: (state, fact) =>
    withPage(state, fact.guide, (page) => ({
      ticks: [...page.ticks.filter((tick) => tick.step !== fact.step), fact],
      current: page.current?.step === fact.step ? null : page.current,
      proposed: null,
    })),
  continuation_offered: (state, fact) => ({
    continuations: { ...state.continuations, [fact.guide]: { ...fact, decision: '' } },
  }),
  continuation_decided: (state, fact) => ({
    continuations: {
      ...state.continuations,
      [fact.guide]: { ...state.continuations[fact.guide], decision: fact.decision },
    },
  }),
  step_undone: undone,
  answer_proposed: (state, fact) => withPage(state, fact.guide, () => ({ proposed: fact })),

  slot_conflict: (state, fact) => ({ conflicts: { ...state.conflicts, [fact.slot]: { ...fact, take: '' } } }),
  conflict_settled: (state, { slot, take }) =>
    state.conflicts[slot] ? { conflicts: { ...state.conflicts, [slot]: { ...state.conflicts[slot], take } } } : {},
  prohibited_said: (state, fact, event) => ({ prohibited: [...state.prohibited, { ...fact, seq: event.seq }] }),

  mood_heard: (_, fact, event) => ({ mood: { ...fact, seq: event.seq } }),
  supervisor_said: advised,
  step_proposed: advised,
  advice_answered: (state, { id, answer }) => ({
    advice: state.advice.map((advice) => (advice.id === id ? { ...advice, answer } : advice)),
  }),

  slot_filled: (state, fact) => {
    const { [fact.slot]: _gone, ...slots } = state.slots;
    if (fact.value) slots[fact.slot] = fact;
    return { slots };
  },

  diagnosis_asked: (state, fact) => ({
    diagnoses: { ...state.diagnoses, [placeOf(fact)]: { ...fact, status: 'running' } },
    troubles: state.troubles.filter((trouble) => placeOf(trouble) !== placeOf(fact)),
  }),
  diagnosis_done: (state, fact) => ({
    diagnoses: { ...state.diagnoses, [placeOf(fact)]: { ...fact, status: 'done' } },
  }),
  offer_made: (state, fact) => ({
    offers: { ...state.offers, [placeOf(fact)]: { ...fact, decision: null } },
  }),
  consent_said: (state, fact) => ({
    offers: { ...state.offers, [placeOf(fact)]: { ...state.offers[placeOf(fact)], consented: true } },
  }),
  offer_decided: (state, fact) => ({
    offers: {
      ...state.offers,
      [placeOf(fact)]: {
        ...state.offers[placeOf(fact)],
        ...pick(fact, 'guide', 'step', 'offer', 'decision', 'reason', 'by', 'evidence'),
      },
    },
  }),
  ticket_drafted: (state, fact) => ({ drafts: { ...state.drafts, [placeOf(fact)]: fact } }),
  ticket_asked: (state, fact) => ({
    tickets: { ...state.tickets, [placeOf(fact)]: { ...fact, status: 'asked', number: '' } },
    troubles: state.troubles.filter((trouble) => placeOf(trouble) !== placeOf(fact)),
  }),
  ticket_waiting: (state, fact) => ({
    tickets: { ...state.tickets, [placeOf(fact)]: { ...state.tickets[placeOf(fact)], status: 'waiting' } },
  }),
  ticket_filed: (state, fact) => ({
    tickets: {
      ...state.tickets,
      [placeOf(fact)]: { ...state.tickets[placeOf(fact)], ...fact, status: 'filed' },
    },
    troubles: state.troubles.filter((trouble) => placeOf(trouble) !== placeOf(fact)),
  }),
  trouble: (state, fact, event) => ({
    troubles: [...state.troubles, { ...fact, seq: event.seq, at_ms: event.at_ms }],
    diagnoses: failed(state.diagnoses, fact),
    tickets: failed(state.tickets, fact),
  }),
};

function opened(state, fact) {
  const last = [...state.closed, ...state.pages].findLast((page) => page.guide === fact.guide);
  // Heard of anew once it was finished, a guide begins anew.
  // So does one that another guide leads to.
  const open = state.pages.some((page) => page.guide === fact.guide);
  const anew = (fact.by === 'heard' && last?.reason === 'finished') || (fact.from_guide && !open);
  const known = anew ? undefined : last;
  const page = known ?? {
    guide: fact.guide,
    title: fact.title,
    hash: fact.hash,
    by: fact.by,
    match: fact.match ?? null,
    evidence: fact.evidence ?? null,
    shares: fact.shares ?? {},
    ticks: [],
    current: null,
    proposed: null,
    shown: {},
  };
  return {
    pages: [...state.pages.filter((other) => other.guide !== fact.guide), page],
    closed: state.closed.filter((other) => other !== known),
    suggested: [],
  };
}

function advised(state, fact, event) {
  return { advice: [...state.advice, { ...fact, seq: event.seq, at_ms: event.at_ms, answer: '' }] };
}

function undone(state, fact) {
  const page = state.pages.find((other) => other.guide === fact.guide);
  const at = page ? page.ticks.findIndex((tick) => tick.step === fact.step) : -1;
  if (at < 0) return {};
  const gone = page.ticks.slice(at).map((tick) => `${fact.guide}/${tick.step}`);
  const offers = { ...state.offers };
  // An offer's decision is that step's tick, so it opens again with it.
  for (const place of gone) if (offers[place]) offers[place] = { ...offers[place], decision: null };
  return {
    offers,
    ...withPage(state, fact.guide, () => ({
      ticks: page.ticks.slice(0, at),
      current: page.shown[fact.step] ?? page.current,
      proposed: null,
    })),
  };
}

function failed(effects, trouble) {
  const place = placeOf(trouble);
  const running = effects[place];
  if (!trouble.key || trouble.key !== running?.key) return effects;
  return { ...effects, [place]: { ...running, status: 'failed', trouble } };
}

function withPage(state, guide, change) {
  return {
    pages: state.pages.map((page) =>
      page.guide === guide ? { ...page, ...change(page) } : page,
    ),
  };
}

function pick(from, ...names) {
  return Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]));
}
