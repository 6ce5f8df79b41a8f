// One scenario guide: what is done (folded, with what ticked it), the current step large, what may
// come next faint. Draws what the state says and asks for the rest; it keeps nothing but folds.

import { LitElement, html, nothing, repeat } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { inWords } from '../trouble-texts.js';
import { act } from './act.js';
import { seenTicks } from './fold.js';
import { tickReason } from './evidence.js';
import { guideStyles } from './guide-styles.js';
import { reasonStyles } from './reasons.js';
import './step-card.js';
import { why, whyStyles } from './why-view.js';

const DONE_SHOWN = 2;
const UPCOMING_SHOWN = 3;

export class GuideCard extends LitElement {
  static properties = {
    page: { attribute: false },
    trail: { attribute: false }, // the guides under this one, the first opened first
    outline: { attribute: false },
    effects: { attribute: false }, // {diagnoses, offers, drafts, tickets, troubles, slots} of the call
    edits: { attribute: false },
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
    whyOpen: { state: true },
    allDone: { state: true },
  };

  static styles = [base, guideStyles, reasonStyles, whyStyles];

  constructor() {
    super();
    this.whyOpen = false;
    this.allDone = false;
    this.trail = [];
  }

  willUpdate(changed) {
    const before = changed.get('page');
    if (before && before.guide !== this.page.guide) {
      this.whyOpen = false;
      this.allDone = false;
    }
  }

  titleOf(step) {
    const known = this.outline?.steps.find((other) => other.id === step);
    const shown = this.page.shown[step];
    // A step without a title of its own comes with its id: that is no word for a person.
    const titles = [known?.title, shown?.title].filter((title) => title && title !== step);
    const kind = known?.kind ?? shown?.step_kind;
    return titles[0] || shown?.text || (kind ? this.t(`kind.${kind}`) : step);
  }

  render() {
    const { t, page } = this;
    return html`<section class="card" aria-labelledby="title">
      ${this.trail.length ? this.#trail() : nothing}
      <header>
        <div class="heading">
          <h2 id="title">${page.title}</h2>
          <button class="link why-toggle" aria-expanded=${this.whyOpen} aria-controls="why"
            @click=${() => (this.whyOpen = !this.whyOpen)}>${t('guide.why')}</button>
        </div>
        ${this.readonly ? nothing : html`<button class="icon-button" aria-label=${t('guide.close')} title=${t('guide.close')}
          @click=${() => act(this, 'close_guide', { guide: page.guide })}>${icon('x')}</button>`}
      </header>
      ${this.whyOpen ? why(page, t) : nothing}
      <ol class="steps">
        ${this.#done()}
        <li class="step current ${page.current?.step_kind ?? ''}" aria-current="step">
          <span class="rail"><span class="dot"></span></span>
          ${page.current
            ? html`<step-card
                .step=${page.current} .page=${page} .effects=${this.effects} .edits=${this.edits}
                .busy=${this.busy} .readonly=${this.readonly} .keys=${this.keys} .t=${t}></step-card>`
            : html`<p class="quiet wait">${t('guide.loading')}</p>`}
        </li>
        ${this.#upcoming()}
      </ol>
    </section>`;
  }

  /** The way back: every guide left open under this one, and where each goes on. */
  #trail() {
    const { t, trail } = this;
    return html`<nav aria-label=${t('guide.trail')}><ol class="trail">${trail.map((under, i) => {
      const nearest = i === trail.length - 1;
      const at = under.current?.title || under.current?.text || '';
      const how = t('guide.back', { title: at ? `${under.title} · ${at}` : under.title });
      if (this.readonly) return html`<li class="clip">${under.title}</li>`;
      return html`<li><button class="ghost back" title=${how} aria-label=${how} @click=${() => act(this, 'open_guide', { guide: under.guide })}>
          ${i ? nothing : icon('chevron-left', 14)}<span class="clip">${under.title}</span>${nearest && this.keys ? kbd('B') : nothing}</button>${
          nearest ? nothing : icon('chevron-right', 12)}</li>`;
    })}</ol></nav>`;
  }

  #done() {
    const ticks = seenTicks(this.page);
    const hidden = Math.max(0, ticks.length - DONE_SHOWN);
    const shown = this.allDone ? ticks : ticks.slice(-DONE_SHOWN);
    // One step more would take as much room as the line that hides it.
    const folded = hidden > 1;
    return html`
      ${folded
        ? html`<li class="step fold"><span class="rail">${icon('check', 14)}</span>
            <button class="link" aria-expanded=${this.allDone} @click=${() => (this.allDone = !this.allDone)}>
              ${this.t(this.allDone ? 'guide.done.less' : 'guide.done.more', { n: hidden })}</button></li>`
        : nothing}
      ${repeat(folded ? shown : ticks, (tick) => tick.step, (tick) => this.#tick(tick, tick === ticks.at(-1)))}`;
  }

  #tick(tick, latest) {
    const { t, page } = this;
    const title = this.titleOf(tick.step);
    const place = `${page.guide}/${tick.step}`;
    const ticket = this.effects.tickets[place];
    const offer = this.effects.offers[place];
    const diagnosis = this.effects.diagnoses[place];
    const lost = [diagnosis, ticket].find((effect) => effect?.status === 'failed');
    const failed = Boolean(lost);
    const told = failed && inWords(lost.trouble, t);
    const extra =
      (ticket?.status === 'filed' && `${t(ticket.appended ? 'ticket.appended' : 'ticket.filed')} ${ticket.number}`) ||
      (ticket?.status === 'waiting' && t('ticket.waiting')) ||
      (failed && [told.message, lost === ticket ? told.remedy : ''].filter(Boolean).join(' ')) ||
      diagnosis?.summary;
    const undo = { guide: page.guide, step: tick.step };
    return html`<li class="step done ${failed ? 'failed' : ''}">
      <span class="rail">${icon(failed ? 'triangle-alert' : 'check', 14)}</span>
      <div class="what">
        <p class="name"><span class="clip">${title}</span>${this.#answer(tick, ticket, offer)}</p>
        ${tickReason(tick, extra, t)}
        ${failed && !this.readonly
          ? html`<button class="plain again" @click=${() => act(this, 'undo_step', undo)}>
              ${icon('rotate-cw', 13)}${t(lost === ticket ? 'ticket.correct' : 'diag.retry')}${this.keys && latest ? kbd('R') : nothing}</button>`
          : nothing}
      </div>
      ${this.readonly ? nothing : html`<button class="icon-button undo" aria-label=${t('undo.step', { title })}
        title=${t('undo.step', { title })}
        @click=${() => act(this, 'undo_step', undo)}>${icon('undo-2', 15)}</button>`}
    </li>`;
  }

  /** What was answered or decided, beside the step's name. */
  #answer(tick, ticket, offer) {
    const { t, page } = this;
    const asked = page.shown[tick.step]?.step_kind === 'ask';
    const text = ticket ? '' : offer?.decision ? t(`offer.${offer.decision}`) : tick.choice_label || (asked ? t('step.unsure') : '');
    return text ? html`<span class="tag"><span class="clip">${text}</span></span>` : nothing;
  }

  #upcoming() {
    const steps = upcoming(this.outline, this.page);
    return steps.length
      ? steps.map((step, i) => html`<li class="step next">
          <span class="rail"><span class="ring"></span></span>
          <span class="clip">${i ? nothing : html`<span class="sr">${this.t('guide.upcoming')}: </span>`}${this.titleOf(step.id)}</span>
        </li>`)
      : nothing;
  }
}

/** Steps written below the current one and not done yet: what may come, not a promise. */
export function upcoming(outline, page) {
  const steps = outline?.steps ?? [];
  const last = page.current?.step ?? page.ticks.at(-1)?.step;
  const at = steps.findIndex((step) => step.id === last);
  const done = new Set(page.ticks.map((tick) => tick.step));
  return steps.slice(at + 1).filter((step) => !done.has(step.id)).slice(0, UPCOMING_SHOWN);
}

customElements.define('guide-card', GuideCard);
