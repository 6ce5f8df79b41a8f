// What list and single ticket show alike: deadline and priority.

import { html, css } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { span } from '../spans.js';

export const dueStyles = css`
  .over { display: inline-flex; gap: 4px; align-items: center; color: var(--bad-ink); font-weight: var(--w-strong); white-space: nowrap; }
  .tag.bad { background: var(--bad-soft); color: var(--bad-ink); }
`;

export function due(ticket, now, t) {
  if (ticket.state === 'closed') return html`<span class="quiet">–</span>`;
  if (ticket.state === 'suspended') return html`<span>${t('due.waits')}</span>`;
  const late = now - Date.parse(ticket.due_at);
  if (late <= 0) return html`<span>${t('due.in', { time: span(-late, t) })}</span>`;
  return html`<span class="over">${icon('circle-alert', 13)}${t('due.over', { time: span(late, t) })}</span>`;
}

const LEVEL = { urgent: 'bad', high: 'warn' };

export const priority = (ticket, t) => html`<span class="tag ${LEVEL[ticket.priority] ?? ''}">${t(`priority.${ticket.priority}`)}</span>`;
