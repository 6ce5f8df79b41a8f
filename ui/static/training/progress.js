// <progress-page>: how people come along; one's own, or everybody's for those who train or supervise.

import { html, css, nothing } from '../vendor/lit.js';
import { base, clock, icon } from '../design/base.js';
import { troubleStyles } from '../panel/trouble-note.js';
import { linkTo } from '../server.js';
import { getJson, me } from '../shell/api.js';
import { translatorOf } from '../texts.js';
import { RoomPage, roomStyles, when } from './parts.js';
import { scoreLine } from './score-line.js';
import { TRAINING_TEXTS } from './training-texts.js';

const SEE_ALL = ['trainer', 'supervisor', 'admin'];
const TRAINERS = ['trainer', 'admin'];
const SEES_ONLY = ['supervisor'];

export class ProgressPage extends RoomPage {
  static properties = { language: {}, trouble: { state: true }, person: { state: true }, found: { state: true }, results: { state: true }, login: { state: true } };

  static styles = [base, troubleStyles, roomStyles, css`
    .score-line { display: block; max-width: 100%; height: auto; }
    .score-line polyline { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
    .score-line circle { fill: var(--accent); }
    .score-line .grid { stroke: var(--line); }
    .grid2 { display: grid; gap: var(--s-4); grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); }
    .box { padding: var(--s-4); }
    .box h2 { font-size: var(--t-sm); color: var(--ink-2); margin-bottom: var(--s-3); }
    .figures { display: flex; flex-wrap: wrap; gap: var(--s-3) var(--s-6); padding: var(--s-4); }
    .figures div { display: grid; }
    .figures dd { font-size: var(--t-title); font-weight: var(--w-strong); font-variant-numeric: tabular-nums; order: -1; }
    .figures dt { color: var(--ink-2); font-size: var(--t-xs); }
    .bar { display: grid; grid-template-columns: minmax(0, 9em) minmax(0, 1fr) 4em; gap: var(--s-3); align-items: center; font-size: var(--t-sm); }
    .bar + .bar { margin-top: var(--s-2); }
    .weak { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 0 var(--s-3); font-size: var(--t-sm); padding: 6px 0; }
    .weak + .weak { border-top: 1px solid var(--line); }
    .up { color: var(--ok-ink); }
    .down { color: var(--bad-ink); }
  `];

  constructor() {
    super(translatorOf(TRAINING_TEXTS));
    this.found = null;
    this.login = new URLSearchParams(location.search).get('login') ?? '';
  }

  connectedCallback() {
    super.connectedCallback();
    this.load();
  }

  spoken() {
    this.load();
  }

  async load() {
    this.person = await this.attempt(me);
    if (!this.person) return;
    const all = this.person.roles.some((role) => SEE_ALL.includes(role));
    if (!all) this.login = this.person.login;
    const of = new URLSearchParams({ login: this.login, lang: this.language });
    const found = await this.attempt(() => Promise.all([getJson(`/api/training/progress?${of}`), getJson(`/api/training/results?${of}`)]));
    if (found) [this.found, { results: this.results }] = found;
  }

  #choose(event, login) {
    event?.preventDefault();
    this.login = login;
    history.pushState(null, '', login ? `?login=${encodeURIComponent(login)}` : linkTo('/training/progress'));
    this.load();
  }

  /** Who only looks on reads the printed form. */
  #scoreOf({ id, login }) {
    const way = login === this.person.login || this.person.roles.some((role) => TRAINERS.includes(role)) ? 'practice' : 'report';
    return linkTo(`/training/${way}/${encodeURIComponent(id)}?lang=${this.language}`);
  }

  render() {
    const { t, person, found } = this;
    const all = person?.roles.some((role) => SEE_ALL.includes(role));
    const practises = person?.roles.some((role) => !SEES_ONLY.includes(role));
    const one = this.login ? found?.people.find((each) => each.login === this.login) : null;
    const of = new URLSearchParams({ ...(this.login && { login: this.login }), lang: this.language });
    return html`<main><div class="head"><h1>${one?.name ?? t(all ? 'progress.people' : 'progress.mine')}</h1>
        ${found?.people.length ? html`<a class="button" href=${linkTo(`/api/training/progress.csv?${of}`)} download>${icon('download', 14)}${t('progress.csv')}</a>
        <a class="button" href=${linkTo(`/training/report?${of}`)} target="_blank">${icon('printer', 14)}${t('progress.print')}</a>` : nothing}
        <nav class="tabs" aria-label=${t('tabs')}>${all && this.login ? html`<a href=${linkTo('/training/progress')} @click=${(event) => this.#choose(event, '')}>${t('progress.back')}</a>` : nothing}
          ${practises ? html`<a href=${linkTo('/training')}>${t('title')}</a>` : nothing}</nav></div>
      ${this.troubled(() => this.load())}
      ${!found ? html`<p class="none" aria-busy="true">${t('loading')}</p>` : !found.people.length ? this.#none() : one ? this.#one(one) : this.#everybody()}</main>`;
  }

  #none() {
    const { t } = this;
    return html`<div class="card none">${icon('activity', 24)}<strong>${t('progress.none')}</strong><span>${t('progress.none.text')}</span></div>`;
  }

  #everybody() {
    const { t, found } = this;
    return html`<section class="card scroll" aria-label=${t('progress.people')}><table><thead><tr><th>${t('progress.people')}</th><th class="number">${t('progress.count')}</th>
        <th class="number">${t('progress.latest')}</th><th class="number">${t('progress.recent')}</th><th class="number">${t('progress.best')}</th><th class="number">${t('progress.trend')}</th><th>${t('progress.scores')}</th><th>${t('progress.weakest')}</th></tr></thead>
      <tbody>${found.people.map((each) => html`<tr><td><a class="to" href=${`?login=${encodeURIComponent(each.login)}`} @click=${(event) => this.#choose(event, each.login)}>${each.name}</a> <small>${each.login}</small></td>
        <td class="number">${each.count}</td><td class="number">${each.latest}</td><td class="number">${each.recent}</td><td class="number">${each.best}</td><td class="number">${trend(each)}</td>
        <td>${scoreLine(each.scores, { width: 120, height: 28 })}</td><td>${each.weakest[0]?.what ?? ''}</td></tr>`)}</tbody></table></section>`;
  }

  #one(each) {
    const { t, found } = this;
    const figure = (name, value) => html`<div><dt>${t(`progress.${name}`)}</dt><dd>${value}</dd></div>`;
    const label = t('progress.scores.label', { count: each.count, first: each.scores[0][1], last: each.latest });
    return html`<dl class="card figures">${figure('count', each.count)}${figure('latest', each.latest)}${figure('recent', each.recent)}${figure('best', each.best)}${figure('trend', trend(each))}</dl>
      <div class="grid2">
        <section class="card box"><h2>${t('progress.scores')}</h2>${scoreLine(each.scores, { width: 420, height: 150, dots: true, label })}</section>
        <section class="card box"><h2>${t('progress.criteria')}</h2>${Object.entries(each.criteria).map(([name, share]) => html`<div class="bar"><span>${found.criteria[name]}</span>
          <meter min="0" max="100" low="50" high="80" optimum="100" .value=${share} aria-label=${found.criteria[name]}></meter><span class="num">${share} %</span></div>`)}</section>
        <section class="card box"><h2>${t('progress.weakest')}</h2>${each.weakest.length ? html`<ol>${each.weakest.map((weak) => html`<li class="weak"><span>${weak.what} <small>${found.guides[weak.guide] ?? weak.guide}</small></span>
          <small class="num">${t('progress.weak', { times: weak.times, lost: weak.lost })}</small></li>`)}</ol>` : html`<p class="quiet">${t('progress.weakest.none')}</p>`}</section>
      </div>
      <section class="card scroll" aria-label=${t('progress.results')}><table><thead><tr><th>${t('progress.finished')}</th><th>${t('progress.practice')}</th><th>${t('practice.hints')}</th><th class="number">${t('progress.took')}</th><th class="number">${t('progress.total')}</th></tr></thead>
        <tbody>${this.results.map((result) => html`<tr><td class="num">${when(result.finished_at, t.lang)}</td>
          <td><a class="to" href=${this.#scoreOf(result)}>${result.title}</a> <small>${t(`kind.${result.kind}`)}</small></td>
          <td>${t(`hints.${result.hints}`)}</td><td class="number">${clock(result.took_s * 1000)}</td><td class="number">${result.total}</td></tr>`)}</tbody></table></section>`;
  }
}

const trend = (each) => (each.trend === null ? '–' : html`<span class=${each.trend < 0 ? 'down' : 'up'}>${each.trend > 0 ? '+' : ''}${each.trend}</span>`);

customElements.define('progress-page', ProgressPage);
