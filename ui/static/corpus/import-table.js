// Questions from a table: tried first, with a report by row; all of them come in as drafts, or none.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { studioStyles } from '../studio/studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

class ImportTable extends LitElement {
  static properties = { titles: { attribute: false }, report: { state: true }, error: { state: true }, busy: { state: true } };
  static styles = [base, studioStyles, css`
    dialog { width: min(680px, calc(100vw - 32px)); }
    .report { max-height: 40vh; overflow: auto; margin-bottom: var(--s-3); }
    select { width: 100%; }
  `];

  constructor() {
    super();
    new Words(this);
    this.titles = {};
  }

  open(guide) {
    this.report = this.error = null;
    const form = this.renderRoot.querySelector('form');
    form.reset();
    form.elements.guide.value = guide;
    this.renderRoot.querySelector('dialog').showModal();
  }

  async #send(dryRun) {
    const body = new FormData(this.renderRoot.querySelector('form'));
    body.set('dry_run', String(dryRun));
    this.busy = true;
    this.error = null;
    try {
      this.report = await postJson('/api/studio/corpus/import', body);
      if (this.report.added) this.dispatchEvent(new CustomEvent('corpus-changed', { bubbles: true, composed: true }));
    } catch (error) {
      this.error = error;
    } finally {
      this.busy = false;
    }
  }

  render() {
    const { t, report } = this;
    const bad = report?.problems.some((each) => each.level === 'error');
    return html`<dialog aria-labelledby="head"><form @submit=${(e) => (e.preventDefault(), this.#send(true))}><h2 id="head">${t('import.title')}</h2>
      <label>${t('import.file')}<input type="file" name="file" required accept=".csv,.tsv,.txt,.xlsx,.xlsm" @change=${() => (this.report = null)}></label>
      <label>${t('import.guide')}<select name="guide"><option value="">${t('import.column')}</option>${Object.entries(this.titles).map(([id, title]) => html`<option value=${id}>${id === 'none' ? t('none.guide') : title || id}</option>`)}</select></label>
      ${trouble(this.error)}
      ${report ? html`<div class="report" role="status">${report.added ? html`<p class="note ok">${t('import.added', { count: report.added })}</p>` : html`<p class="small">${t(bad ? 'import.bad' : 'import.good', { count: report.rows.length })}</p>`}
        ${report.problems.length ? html`<table><thead><tr><th scope="col">${t('import.row')}</th><th scope="col">${t('import.col')}</th><th scope="col">${t('import.problem')}</th></tr></thead><tbody>${report.problems.map((each) => html`<tr><td class="num">${each.row}</td><td class="num">${each.column}</td><td>${each.message[t.lang]}</td></tr>`)}</tbody></table>` : nothing}</div>` : nothing}
      <div class="bar"><button type="button" class="plain" @click=${(e) => e.target.closest('dialog').close()}>${t(report?.added ? 'close' : 'cancel')}</button>
        ${report && !bad && !report.added ? html`<button type="button" class="primary" ?disabled=${this.busy} @click=${() => this.#send(false)}>${t('import.do', { count: report.rows.length })}</button>` : report?.added ? nothing : html`<button class="primary" ?disabled=${this.busy}>${t('import.try')}</button>`}</div></form></dialog>`;
  }
}

customElements.define('import-table', ImportTable);
