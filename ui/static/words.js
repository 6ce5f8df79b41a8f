// A page's texts for its components: in the language of the page, drawn anew when it changes.

import { chosenLanguage, translatorOf } from './texts.js';

/** wordsOf(table) -> a controller that gives a component `this.t`: new Words(this). */
export function wordsOf(table) {
  const translator = translatorOf(table);
  return class Words {
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
  };
}
