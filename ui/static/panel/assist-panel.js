// <assist-panel> in our own pages.

import { AgentPanel } from './agent-panel.js';

export const AssistPanel = AgentPanel;

customElements.define('assist-panel', AgentPanel);
