// <score-view>: a score with its reasons: what was lost where, on what it rests, what to do better.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { points, roomStyles } from './parts.js';

export class ScoreView extends LitElement {
  static properties = { t: { attribute: false }, result: { attribute: false } };

  static styles = [base, roomStyles, css`
    :host { display: grid; gap: var(--s-4); max-width: 860px; }
    .sum { display: flex; flex-wrap: wrap; align-items: baseline; gap: var(--s-2) var(--s-4); padding: var(--s-4); }
    .total { font-size: 40px; line-height: 1; font-weight: var(--w-strong); font-variant-numeric: tabular-nums; }
    .sum span { color: var(--ink-2); }
    li.mark { padding: var(--s-3) var(--s-4); }
    li.mark + li.mark { border-top: 1px solid var(--line); }
    .line { display: grid; grid-template-columns: minmax(0, 1fr) 110px 76px; gap: var(--s-3); align-items: center; }
    h2 { font-size: var(--t-md); }
    .points { text-align: end; font-variant-numeric: tabular-nums; color: var(--ink-2); }
    .finding { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 0 var(--s-2); margin-top: var(--s-2); font-size: var(--t-sm); }
    .finding > .icon { margin-top: 3px; color: var(--ok); }
    .finding.bad > .icon { color: var(--bad); }
    .better { color: var(--ink-2); }
    .from { color: var(--ink-3); font-size: var(--t-xs); overflow-wrap: anywhere; }
    .lost { color: var(--bad-ink); font-variant-numeric: tabular-nums; }
    .none { padding: var(--s-3) var(--s-4); text-align: start; justify-items: start; border-top: 1px solid var(--line); }
  `];

  render() {
    const { t, result } = this;
    const { grade } = result;
    const without = grade.marks.filter((mark) => !mark.of);
    return html`<section class="card sum" aria-label=${t('score.title')}>
        <strong class="total">${grade.total}</strong><span>${t('score.of')}</span>
        <span>${t('score.took', { took: clock(grade.took_s * 1000), expert: clock(grade.expert_s * 1000) })}</span>
        ${grade.hints_cost ? html`<span>${t('score.hints', { count: grade.hints, cost: grade.hints_cost })}</span>` : nothing}</section>
      <section class="card"><ul>${grade.marks.filter((mark) => mark.of).map((mark) => this.#mark(mark))}</ul>
        ${without.length ? html`<p class="none">${t('score.none', { names: without.map(({ name }) => name).join(t.lang === 'zh' ? '、' : ', ') })}</p>` : nothing}</section>`;
  }

  #mark(mark) {
    const { t } = this;
    return html`<li class="mark"><div class="line"><h2>${mark.name}</h2>
        <meter min="0" max=${mark.of} low=${mark.of * 0.5} high=${mark.of * 0.8} optimum=${mark.of} .value=${mark.points} aria-label=${mark.name}></meter>
        <span class="points">${t('score.points', { points: points(mark.points), of: mark.of })}</span></div>
      ${mark.findings.map((finding) => html`<div class="finding ${finding.good ? '' : 'bad'}">${icon(finding.good ? 'check' : 'x', 15)}
        <div><p>${finding.why}</p>${finding.better ? html`<p class="better">${finding.better}</p>` : nothing}${this.#evidence(finding.evidence)}</div>
        ${finding.lost ? html`<span class="lost">−${points(finding.lost)}</span>` : nothing}</div>`)}</li>`;
  }

  #evidence({ words, at_ms }) {
    const { t } = this;
    if (!words && at_ms === null) return nothing;
    return html`<p class="from">${words ? t('score.words', { words }) : nothing} ${at_ms === null ? nothing : t('score.at', { at: clock(at_ms) })}</p>`;
  }
}

customElements.define('score-view', ScoreView);
