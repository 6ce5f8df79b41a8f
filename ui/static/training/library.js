// <training-page>: practice for everybody; library and recordings for those who train.

import { html, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { troubleStyles } from '../panel/trouble-note.js';
import { linkTo } from '../server.js';
import { getJson, me } from '../shell/api.js';
import { translatorOf } from '../texts.js';
import { RoomPage, roomStyles } from './parts.js';
import { TRAINING_TEXTS } from './training-texts.js';
import './call-library.js';
import './demo-shelf.js';
import './practice-shelf.js';

const TRAINERS = ['trainer', 'admin'];
const SEES_ONLY = ['supervisor'];

export class TrainingPage extends RoomPage {
  static properties = { language: {}, trouble: { state: true }, person: { state: true }, tab: { state: true } };

  static styles = [base, troubleStyles, roomStyles];

  constructor() {
    super(translatorOf(TRAINING_TEXTS));
    this.onHash = () => (this.tab = location.hash.slice(1));
    this.tab = location.hash.slice(1);
    this.ask = (path) => this.attempt(() => getJson(path));
    this.act = (doing) => this.attempt(doing);
  }

  async connectedCallback() {
    super.connectedCallback();
    window.addEventListener('hashchange', this.onHash);
    await this.#again();
    const { roles = [] } = this.person ?? {};
    if (roles.length && roles.every((role) => SEES_ONLY.includes(role))) location.replace(linkTo('/training/progress'));
  }

  async #again() {
    this.person ??= await this.attempt(me);
    this.renderRoot?.querySelector('call-library, demo-shelf, practice-shelf')?.load();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    window.removeEventListener('hashchange', this.onHash);
  }

  render() {
    const { t, person } = this;
    const trains = person?.roles.some((role) => TRAINERS.includes(role));
    const practises = person?.roles.some((role) => !SEES_ONLY.includes(role));
    const tabs = [...(trains ? ['library', 'demos'] : []), ...(practises ? ['practice'] : [])];
    const tab = tabs.includes(this.tab) ? this.tab : tabs[0];
    return html`<main><div class="head"><h1>${t('title')}</h1>
        <nav class="tabs" aria-label=${t('tabs')}>${tabs.map((name) => html`<a href=${`#${name}`} aria-current=${name === tab ? 'page' : nothing}>${t(`tab.${name}`)}</a>`)}
          <a href=${linkTo('/training/progress')}>${t('tab.progress')}</a></nav></div>
      ${this.troubled(() => this.#again())}
      ${person ? this.#shelf(tab) : html`<p class="none" aria-busy="true">${t('loading')}</p>`}</main>`;
  }

  #shelf(tab) {
    const { t } = this;
    const shelves = {
      library: () => html`<call-library .t=${t} .asking=${this.ask}></call-library>`,
      demos: () => html`<demo-shelf .t=${t} .asking=${this.ask} .attempt=${this.act}></demo-shelf>`,
      practice: () => html`<practice-shelf .t=${t} .asking=${this.ask} .attempt=${this.act}></practice-shelf>`,
    };
    return tab ? [shelves[tab]()] : nothing;
  }
}

customElements.define('training-page', TrainingPage);
