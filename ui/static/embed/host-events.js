// What the page around a panel is told, from one state of the call to the next. Pure. A panel that is
// opened or connects again tells the whole call at once: each message says what holds, not what is new.

import { frontPage } from '../panel/fold.js';

/** The messages in order: [{type, call, …}], as docs/embedding.md lists them. */
export function tellings(before, now) {
  const told = [];
  const tell = (type, values = {}) => told.push({ type, call: now.call, ...values });
  const anew = before.call !== now.call;
  if (now.started && (anew || !before.started)) {
    const { agent, number } = now.started;
    tell('call_started', { agent, number, language: now.lang });
  }
  if (now.customer && now.customer !== before.customer) {
    const { id, name, phone } = now.customer;
    tell('customer_known', { customer: { id, name, phone } });
  }
  const page = frontPage(now);
  if (page && (anew || page.guide !== frontPage(before)?.guide)) {
    tell('guide_opened', { guide: page.guide, title: page.title });
  }
  for (const [place, ticket] of Object.entries(now.tickets)) {
    if (ticket.status !== 'filed' || (!anew && before.tickets[place]?.status === 'filed')) continue;
    tell('ticket_filed', { guide: ticket.guide, number: ticket.number, appended: Boolean(ticket.appended) });
  }
  const isOver = ({ status }) => ['ended', 'broken_off'].includes(status);
  if (isOver(now) && (anew || !isOver(before))) tell('call_ended', { reason: now.end_reason });
  if (now.wrapped && (anew || !before.wrapped)) {
    tell('call_wrapped', { outcome: now.wrapped.outcome, disposition: now.wrapped.disposition });
  }
  return told;
}
