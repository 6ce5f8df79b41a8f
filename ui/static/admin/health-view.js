// How the house is: its parts, the disk, what runs. Looks again by itself.

import { html, nothing } from '../vendor/lit.js';
import { icon } from '../design/base.js';
import { View } from './view.js';

const EVERY_MS = 15000;
const PARTS = ['speech', 'index', 'desk'];
const LOW = 0.05;

class HealthView extends View {
  path = '/api/admin/health';

  connectedCallback() {
    super.connectedCallback();
    this.looking = setInterval(() => this.load(), EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.looking);
  }

  #size(bytes) {
    const gigabytes = bytes / 2 ** 30;
    return gigabytes >= 1 ? `${gigabytes.toFixed(1)} GiB` : `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  }

  render() {
    const { t } = this;
    return html`<div class="head"><h1>${t('tab.health')}</h1></div>${this.top()}${this.data ? this.#all() : this.waiting()}`;
  }

  #all() {
    const { t } = this;
    const { parts, disk } = this.data;
    return html`${disk.free / disk.total < LOW ? html`<div class="note" role="alert">${icon('triangle-alert', 16)}<div><strong>${t('hea.disk.low')}</strong><p>${t('hea.disk.low.do')}</p></div></div>` : nothing}
      ${Object.entries(parts.refused ?? {}).map(([what, why]) => this.#refused(what, why))}
      <div class="card"><table><thead><tr><th scope="col">${t('hea.part')}</th><th scope="col">${t('hea.state')}</th></tr></thead>
        <tbody>${PARTS.map((part) => this.#part(part, parts[part]))}</tbody></table></div>
      <div class="card facts"><dl>${this.#facts()}</dl></div>`;
  }

  /** What editors have changed and cannot be used: the old goes on, and nobody might notice. */
  #refused(what, why) {
    const { t } = this;
    return html`<div class="note" role="alert">${icon('triangle-alert', 16)}<div><strong>${t(`hea.refused.${what}`)}</strong>
      <p>${t('hea.refused.do')}</p><details><summary>${t('hea.refused.why')}</summary><pre>${why}</pre></details></div></div>`;
  }

  #part(part, state) {
    const { t } = this;
    const ok = state === 'ok';
    return html`<tr><td>${t(`hea.${part}`)}</td><td><span class="tag ${ok ? 'ok' : 'warn'}">${t(`hea.${state}`)}</span>
      ${ok ? nothing : html` <span class="quiet">${t(`hea.${part}.do`)}</span>`}</td></tr>`;
  }

  #facts() {
    const { t } = this;
    const { parts, live, disk, versions } = this.data;
    const facts = [
      ['live', live],
      ['outbox', parts.tickets_waiting ?? 0],
      ['answers', parts.index_hash ? `${parts.index_hash}, ${t('hea.since', { since: this.moment(parts.index_since) })}` : '–'],
      ['due', parts.index_due],
      ['disk', t('hea.of', { free: this.#size(disk.free), total: this.#size(disk.total) })],
      ['journal', this.#size(disk.journal)],
      ['version', `${versions.assist} · Python ${versions.python}`],
    ];
    return facts.filter(([, value]) => value !== undefined).map(([name, value]) => html`<dt>${t(`hea.${name}`)}</dt><dd class="num">${value}</dd>`);
  }
}

customElements.define('health-view', HealthView);
