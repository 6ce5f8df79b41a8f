// What in a call is worth stopping at: {index, at_ms, kind, text}. Pure. `index` is that of the event; a
// step that was done also has its `title`, and `from`: the event that showed it, undone yet.

/** kind -> icon of ../design/base.js; the strip draws each in the colour of its group. */
export const MARK_ICONS = {
  opened: 'external-link', step: 'check', asked: 'message-circle', diagnosis: 'activity', offer: 'gift', ticket: 'ticket',
  trouble: 'triangle-alert', prohibited: 'circle-alert', passed: 'headset', customer: 'user', end: 'phone',
};

export function marksOf(events) {
  const shown = new Map(); // "guide/step" -> {title, from}: what the agent saw, and at which event
  const marks = [];
  events.forEach(({ at_ms, fact }, index) => {
    const add = (kind, text = '', more = {}) => marks.push({ index, at_ms, kind, text, ...more });
    const place = `${fact.guide}/${fact.step}`;
    switch (fact.kind) {
      case 'customer_found': add('customer', fact.customer.name); break;
      case 'guide_opened': add('opened', fact.title); break;
      case 'step_shown':
        shown.set(place, { title: titleOf(fact), from: index });
        break;
      case 'step_ticked':
        if (!fact.skipped && shown.has(place)) {
          const { title, from } = shown.get(place);
          add(fact.choice ? 'asked' : 'step', named(title, fact.choice_label), { from, title });
        }
        break;
      case 'diagnosis_done': add('diagnosis', fact.summary); break;
      case 'offer_made': add('offer', fact.title); break;
      case 'offer_decided': add('offer', fact.decision); break;
      case 'ticket_filed': add('ticket', fact.number); break;
      case 'prohibited_said': add('prohibited', fact.phrase); break;
      case 'trouble': add('trouble', fact.message); break;
      case 'handed_off': add('passed', fact.to); break;
      case 'call_ended': add('end'); break;
    }
  });
  return marks;
}

const CAUSES = ['speech_guessed', 'speech_stable', 'segment_heard', 'speech_dropped', 'commanded', 'call_ended', 'diagnosis_done', 'customer_found', 'customer_unknown', 'ticket_filed', 'trouble'];

/** How many events to show at this mark: what follows from it by itself is part of it, the next mark is not. */
export function countAt(events, marks, mark) {
  const next = marks[marks.indexOf(mark) + 1]?.index ?? events.length;
  let count = mark.index + 1;
  while (count < next && !CAUSES.includes(events[count].fact.kind)) count += 1;
  return count;
}

/** Who spoke when, for calls whose sound was not kept. */
export function talkOf(events) {
  return events
    .filter(({ fact }) => fact.kind === 'segment_heard')
    .map(({ fact }) => ({ speaker: fact.speaker, start_ms: fact.start_ms, end_ms: fact.end_ms }));
}

/** The last mark at or before this number of events; -1 before the first. */
export const markAt = (marks, count) => marks.findLastIndex((mark) => mark.index < count);

/** A step without a title of its own goes by its first words. */
const titleOf = ({ title, text, step }) => (title && title !== step ? title : text.slice(0, 24) || step);

const named = (title, choice) => (choice ? `${title}：${choice}` : title);
