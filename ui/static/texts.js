// t(key, values) for a table of texts: { key: [Chinese, English] }.

import { recall } from './kept.js';

/** translatorOf(table) -> (lang) -> t. A key that is not in the table throws: a bug, not a blank. */
export const translatorOf = (table) => (lang) => {
  const column = lang === 'en' ? 1 : 0;
  const t = (key, values = {}) => {
    const pair = table[key];
    if (!pair) throw new Error(`i18n: no text for '${key}'`);
    return pair[column].replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '');
  };
  t.or = (key, fallback) => (key in table ? t(key) : fallback);
  t.lang = column ? 'en' : 'zh';
  t.tag = column ? 'en' : 'zh-CN';
  return t;
};

/** The language a person has chosen, or their browser's. */
export const chosenLanguage = () =>
  recall('lang') ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
