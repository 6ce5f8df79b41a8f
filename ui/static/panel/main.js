// The panel page: the call named in the address, live.

import { translator } from '../i18n.js';
import './assist-panel.js';
import { LiveSource } from './source.js';

const call = new URLSearchParams(location.search).get('call') ?? '';
const panel = document.createElement('assist-panel');
panel.home = '/';
panel.source = new LiveSource(call, {
  refusals: (name) => {
    const t = panel.t ?? translator('zh');
    return { code: `panel.${name}`, message: t(`conn.${name}`), remedy: t(`conn.${name}.remedy`) };
  },
});
document.querySelector('#panel').replaceChildren(panel);
