// The texts of questions and inbox, in the language of the page.

import { chosenLanguage, translatorOf } from '../texts.js';
import { CORPUS_TEXTS } from './corpus-texts.js';

const translator = translatorOf(CORPUS_TEXTS);

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
