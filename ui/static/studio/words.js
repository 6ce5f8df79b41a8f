// The studio's texts in the language of the page; whoever shows some listens for another language.

import { chosenLanguage, translatorOf } from '../texts.js';
import { STUDIO_TEXTS } from './studio-texts.js';

const translator = translatorOf(STUDIO_TEXTS);

/** Gives a component `this.t`, drawn anew when the language changes. */
export class Words {
  constructor(host) {
    this.host = host;
    this.onLanguage = ({ detail }) => this.#set(detail);
    host.addController(this);
    this.#set(chosenLanguage());
  }

  #set(language) {
    this.host.t = translator(language);
    this.host.requestUpdate();
  }

  hostConnected() {
    addEventListener('language', this.onLanguage);
  }

  hostDisconnected() {
    removeEventListener('language', this.onLanguage);
  }
}

/** 2026-11-30T08:12:00+00:00 -> the reader's day and minute. */
export const moment = (iso, t) =>
  iso ? new Date(iso).toLocaleString(t.tag, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' }) : '';
