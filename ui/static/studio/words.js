// The studio's texts in the language of the page, and its moments.

import { moment as shown } from '../spans.js';
import { wordsOf } from '../words.js';
import { STUDIO_TEXTS } from './studio-texts.js';

export const Words = wordsOf(STUDIO_TEXTS);

/** 2026-11-30T08:12:00+00:00 -> the reader's day and minute; nothing for no moment. */
export const moment = (iso, t) => (iso ? shown(iso, t) : '');
