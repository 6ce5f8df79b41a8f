// The panel's small pieces without a life of their own: top bar, banners, empty states, folded guides.

import { html, nothing } from '../vendor/lit.js';
import { icon, kbd, clock, phone } from '../design/base.js';
import { act, ask } from './act.js';
import { dismiss, troubleNote } from './trouble-note.js';

const HEARD_ENOUGH = 3; // customer lines after which "nothing fits" is said rather than "listening"

export function topBar(panel) {
  const { t, state, connection } = panel;
  const number = state.started?.number; // said once: here, or with the customer it belongs to
  const over = ['ended', 'broken_off'].includes(state.status);
  const now = over ? 'over' : state.held ? 'held' : 'live';
  const label = connection !== 'live' ? `conn.${connection}` : over ? `status.${state.status}` : `conn.${now}`;
  return html`<header class="top">
    <h1 class="sr">${t('app')}</h1>
    ${panel.home ? html`<a href=${panel.home} aria-label=${t('calls.back')} title=${t('calls.back')}>${icon('chevron-left')}</a>` : nothing}
    <span class="conn ${connection === 'live' ? now : connection}" role="status"><i></i>${t(label)}</span>
    <span class="clock num">${clock(state.at_ms)}</span>
    ${number && number !== state.customer?.phone ? html`<span class="number num clip">${phone(number)}</span>` : nothing}
    <span class="grow"></span>
    ${panel.readonly ? nothing : html`<button class="icon-button" aria-label=${t('search')} title=${t('search')} @click=${() => ask(panel, 'search')}>${icon('search')}</button>`}
    <button class="icon-button lang" aria-label=${t('lang.toggle')} title=${t('lang.toggle')} @click=${panel.toggleLang}>${t('lang.short')}</button>
    <button class="icon-button" aria-label=${t('help')} title=${t('help')} @click=${() => ask(panel, 'help')}>${icon('keyboard')}</button>
  </header>`;
}

export function banners(panel) {
  const { t, connection, state } = panel;
  const troubles = together(state.troubles.filter((trouble) => !hasPlace(trouble, state) && !panel.dismissed.has(trouble.seq)));
  const cut = ['reconnecting', 'offline'].includes(connection);
  if (!cut && !troubles.length && !state.handed_off) return nothing;
  return html`<div class="stack">
    ${cut ? troubleNote({ message: t(`conn.${connection}.text`) }, t, nothing, 'warn') : nothing}
    ${troubles.map((trouble) => troubleNote(trouble, t, dismiss(t, () => panel.dismiss(trouble.seqs))))}
    ${state.handed_off
      ? html`<p class="handed" role="status">${icon('headset', 15)}<span>${t('handoff.done', { to: gap(t) + team(state.handed_off.to, t) })}${
          state.handed_off.reason ? ` · ${state.handed_off.reason}` : ''}</span></p>`
      : nothing}
  </div>`;
}

/** A trouble of a step is shown at that step, as long as its guide is open. */
const hasPlace = ({ guide, step }, { pages }) => step && pages.some((page) => page.guide === guide);

const team = (name, t) => (name === 'elite' ? t('team.elite') : name);

const gap = (t) => (t.lang === 'en' ? '' : ' ');

/** The same trouble again and again is one banner with a count. */
export function together(troubles) {
  const groups = new Map();
  for (const trouble of troubles) {
    const key = `${trouble.code}/${trouble.message}`;
    const group = groups.get(key) ?? { ...trouble, times: 0, seqs: [] };
    group.times += 1;
    group.seqs.push(trouble.seq);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** What stands where the card would be: no such call, waiting, listening, or nothing fits. */
export function emptyState(panel) {
  const { t, state, connection } = panel;
  if (connection === 'missing') return calm('inbox', t('conn.missing.text'), t('conn.missing.remedy'));
  if (state.status === 'waiting') return calm('phone', t('waiting.title'), t('waiting.text'));
  if (state.status !== 'live' || state.suggested.length || state.closed.length) return nothing;
  if (state.held) return calm('phone', t('conn.held'), t('held.text'));
  const heard = state.lines.filter((line) => line.tier === 'final' && line.speaker !== 'agent').length;
  if (heard < HEARD_ENOUGH) {
    return html`<div class="state"><div class="ears" aria-hidden="true"><i></i><i></i><i></i><i></i></div>
      <h2>${t('listening.title')}</h2><p>${t('listening.text')}</p></div>`;
  }
  return html`<div class="state">${icon('message-circle', 26)}
    <h2>${t('nothing.title')}</h2><p>${t('nothing.text')}</p>
    <div class="row">
      ${panel.readonly ? nothing : html`<button class="plain" @click=${() => ask(panel, 'search')}>${icon('search', 15)}${t('search')}${panel.keys ? kbd('/') : nothing}</button>`}
      ${state.handed_off || panel.readonly ? nothing : html`<button class="plain" @click=${panel.startHandoff}>${icon('headset', 15)}${t('handoff')}</button>`}
    </div></div>`;
}

const calm = (name, title, text) => html`<div class="state">${icon(name, 26)}<h2>${title}</h2><p>${text}</p></div>`;

/** Guides that were finished or put away in this call. */
export function closedGuides(panel) {
  const { t, state } = panel;
  const filed = (page) => Object.values(state.tickets).filter((ticket) => ticket.guide === page.guide && (ticket.number || ticket.status === 'waiting'));
  return state.closed.map((page) => html`<div class="gone ${page.reason}">
    ${icon(page.reason === 'finished' ? 'check' : 'x', 15)}
    <span class="clip">${page.title}</span><span class="quiet">${t(`guide.${page.reason}`)}</span>
    ${filed(page).map((ticket) => html`<span class="tag ${ticket.number ? 'ok num' : 'warn'}">${ticket.number || t('ticket.waiting.short')}</span>`)}
    ${!state.wrapped && !panel.readonly
      ? html`<button class="ghost" @click=${() => act(panel, 'open_guide', { guide: page.guide })}>${t('guide.reopen')}</button>`
      : nothing}</div>`);
}

/** Hand-over: a quiet line at the foot that opens into one question. */
export function handoff(panel) {
  const { t, state } = panel;
  if (state.status === 'waiting' || state.wrapped || state.handed_off || panel.readonly) return nothing;
  if (!panel.handing) {
    return state.pages.length
      ? html`<div class="foot"><button class="ghost" @click=${panel.startHandoff}>${icon('headset', 14)}${t('handoff')}</button></div>`
      : nothing;
  }
  return html`<form class="card handoff" @submit=${panel.sendHandoff} @keydown=${(e) => e.key === 'Escape' && panel.stopHandoff()}>
    <label class="quiet" for="why">${t('handoff.reason')}</label>
    <textarea id="why" name="reason" rows="2" required></textarea>
    <div class="row"><button class="primary">${t('handoff.send')}</button>
      <button type="button" class="ghost" @click=${panel.stopHandoff}>${t('cancel')}</button></div>
  </form>`;
}

/** What the call already says about its outcome; the agent can choose otherwise. */
export function outcomeOf(state, filed) {
  if (state.handed_off) return 'escalated';
  return filed.length ? 'ticket' : '';
}
