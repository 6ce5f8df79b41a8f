// What a screen reader is told of a change, politely and once: the card, what a supervisor sends, a
// ticket's number, suggestions, hold, the end. The growing transcript is not read out.

import { inWords } from './advice.js';
import { frontPage, openAdvice } from './fold.js';

/** The words for the step from `before` to `now`, or "" where there is nothing to say. */
export function announcement(before, now, t) {
  return [advised, held, ended, filed, card, suggested]
    .map((tell) => tell(before, now, t))
    .filter(Boolean)
    .join(' ');
}

function advised(before, now, t) {
  const known = new Set(before.advice.map((each) => each.id));
  return openAdvice(now)
    .filter((each) => !known.has(each.id))
    .map((each) => t('advice.spoken', { name: each.name || each.by, what: inWords(each, t) }))
    .join(' ');
}

function held(before, now, t) {
  return now.status !== 'live' || before.held === now.held ? '' : now.held ? `${t('conn.held')}. ${t('held.text')}` : t('held.over');
}

function ended(before, now, t) {
  const over = ['ended', 'broken_off'].includes(now.status);
  return over && before.status === 'live' ? t(`status.${now.status}`) : '';
}

function filed(before, now, t) {
  return Object.entries(now.tickets)
    .filter(([place, { status }]) => ['filed', 'waiting'].includes(status) && before.tickets[place]?.status !== status)
    .map(([, { status, number }]) => (status === 'filed' ? `${t('ticket.filed')} ${number}` : t('ticket.waiting')))
    .join(' ');
}

function card(before, now, t) {
  const [was, page] = [frontPage(before), frontPage(now)];
  if (!page) return '';
  const text = page.current?.text || page.current?.title || '';
  if (page.guide !== was?.guide) return `${t('guide.new', { title: page.title })}. ${text}`;
  return page.current && page.current !== was.current ? t('guide.next', { text }) : '';
}

function suggested(before, now, t) {
  const fresh = now.suggested.length && !before.suggested.length;
  return fresh ? t('suggest.spoken', { titles: now.suggested.map((match) => match.title || match.guide).join(t.lang === 'en' ? ', ' : '、') }) : '';
}
