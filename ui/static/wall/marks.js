// What marks a call, in words, with the call's own words behind each mark.

import { html, css, nothing } from '../vendor/lit.js';

const LEVEL = { angry: 'bad', stuck: 'warn', repeated: 'warn', off_guide: 'warn', trouble: 'warn', upset: '', prohibited: 'bad' };

export const markStyles = css`
  .marks { display: flex; flex-wrap: wrap; gap: 3px 4px; max-height: 46px; overflow: hidden; }
  .tag.bad { background: var(--bad-soft); color: var(--bad-ink); }
`;

export function marks(row, t) {
  if (!row.marks.length && !row.handed_off) return nothing;
  return html`<span class="marks">${row.marks.map((mark) => html`<span class="tag ${LEVEL[mark]}" title=${row.evidence[mark] ?? nothing}>${t(`mark.${mark}`)}</span>`)}
    ${row.handed_off ? html`<span class="tag">${t('handed')}</span>` : nothing}</span>`;
}

/** Each mark with the words it stands on, for the opened call. */
export function evidence(row, t) {
  const told = row.marks.filter((mark) => row.evidence[mark]);
  if (!told.length) return nothing;
  return html`<ul class="evidence">${told.map((mark) => html`<li><span class="tag ${LEVEL[mark]}">${t(`mark.${mark}`)}</span> “${row.evidence[mark]}”</li>`)}</ul>`;
}
