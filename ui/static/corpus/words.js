// The texts of questions and inbox, in the language of the page.

import { wordsOf } from '../words.js';
import { CORPUS_TEXTS } from './corpus-texts.js';

export const Words = wordsOf(CORPUS_TEXTS);
