// An offer at the right moment: accepted, declined with a reason, or not now. It never presses.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, kbd } from '../design/base.js';
import { act } from './act.js';

export class OfferCard extends LitElement {
  static properties = {
    offer: { attribute: false },
    busy: { attribute: false },
    readonly: { type: Boolean },
    keys: { type: Boolean },
    t: { attribute: false },
    declining: { state: true },
  };

  static styles = [base, css`
    .row { display: flex; flex-wrap: wrap; gap: var(--s-2); }
    .why { margin-top: var(--s-3); padding-top: var(--s-3); border-top: 1px solid var(--line); display: grid; gap: var(--s-2); }
    .why p { font-size: var(--t-xs); color: var(--ink-3); }
    .reasons { display: flex; flex-wrap: wrap; gap: 6px; }
    .reasons button { min-height: 28px; border-radius: var(--r-full); font-size: var(--t-sm); }
    .consent { display: grid; justify-items: start; gap: 6px; margin-bottom: var(--s-3); padding: var(--s-2) var(--s-3); border-radius: var(--r-2); background: var(--inset); font-size: var(--t-sm); }
    form { display: grid; grid-template-columns: 1fr auto; gap: 6px; }
    .decided { display: flex; align-items: center; gap: 6px; color: var(--ink-2); font-size: var(--t-sm); }
  `];

  constructor() {
    super();
    this.declining = false;
  }

  /** Also called by the panel for the N key. */
  decline() {
    if (this.readonly) return;
    this.declining = true;
    this.updateComplete.then(() => {
      this.renderRoot.querySelector('.why').scrollIntoView({ block: 'nearest' });
      this.renderRoot.querySelector('.reasons button').focus({ preventScroll: true });
    });
  }

  decide(decision, reason = '') {
    this.declining = false;
    act(this, 'decide_offer', { offer: this.offer.offer, decision, reason });
  }

  render() {
    const { t, offer, readonly } = this;
    if (!offer) return html`<p class="quiet">${t('guide.loading')}</p>`;
    if (offer.decision) {
      return html`<p class="decided">${icon('check', 14)}${t(`offer.${offer.decision}`)}${offer.reason ? ` · ${offer.reason}` : ''}</p>`;
    }
    const waits = Boolean(offer.consent) && !offer.consented;
    return html`
      ${offer.consent
        ? html`<div class="consent"><p>${offer.consent}</p>
            ${waits
              ? readonly ? nothing : html`<button class="plain" @click=${() => act(this, 'confirm_consent', { offer: offer.offer })}>${t('offer.consent')}</button>`
              : html`<span class="decided">${icon('check', 14)}${t('offer.consented')}</span>`}</div>`
        : nothing}
      ${readonly ? nothing : html`<div class="row">
        <button class="primary" ?disabled=${waits} title=${waits ? t('offer.consent.first') : ''} @click=${() => this.decide('accepted')}>${t('offer.accept')}${this.keys ? kbd('Y') : nothing}</button>
        <button class="plain" aria-expanded=${this.declining} @click=${this.decline}>${t('offer.decline')}${this.keys ? kbd('N') : nothing}</button>
        <button class="ghost" @click=${() => this.decide('ignored')}>${t('offer.later')}${this.keys ? kbd('L') : nothing}</button>
      </div>`}
      ${this.declining ? this.#reasons() : nothing}`;
  }

  /** The offer's own reasons; the general ones where its author named none. */
  #choices() {
    const own = this.offer.decline_reasons ?? [];
    return own.length ? own : this.t('offer.reasons').split('|');
  }

  #reasons() {
    const { t } = this;
    return html`<div class="why">
      <p>${t('offer.why')}</p>
      <div class="reasons">${this.#choices().map(
        (reason) => html`<button class="plain" @click=${() => this.decide('declined', reason)}>${reason}</button>`,
      )}</div>
      <form @submit=${this.#other}>
        <input name="reason" autocomplete="off" placeholder=${t('offer.other')} aria-label=${t('offer.other')}>
        <button class="plain">${t('offer.save')}</button>
      </form>
    </div>`;
  }

  #other(event) {
    event.preventDefault();
    this.decide('declined', new FormData(event.target).get('reason').trim());
  }
}

customElements.define('offer-card', OfferCard);
