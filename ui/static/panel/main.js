// The panel page: the call named in the address, live. `readonly` is for those who look in.

import './assist-panel.js';
import { linkTo } from '../server.js';

const asked = new URLSearchParams(location.search);
const panel = document.createElement('assist-panel');
panel.home = linkTo('/');
panel.readonly = asked.has('readonly');
panel.call = asked.get('call') ?? '';
if (!panel.call) panel.connection = 'missing';
document.querySelector('#panel').replaceChildren(panel);
