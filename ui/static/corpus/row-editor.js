// One question: its words, its guide, what it stands for; and which others say nearly the same.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base } from '../design/base.js';
import { postJson } from '../shell/api.js';
import { JobWatch } from '../studio/job.js';
import { studioStyles } from '../studio/studio-styles.js';
import { trouble } from './trouble.js';
import { Words } from './words.js';

class RowEditor extends LitElement {
  static properties = { titles: { attribute: false }, row: { state: true }, error: { state: true }, near: { state: true } };
  static styles = [base, studioStyles, css`
    li { display: flex; gap: var(--s-2); justify-content: space-between; padding: 3px 0; font-size: var(--t-sm); }
    .near { margin-bottom: var(--s-3); }
    select { width: 100%; }
  `];

  constructor() {
    super();
    new Words(this);
    this.titles = {};
    this.row = {};
    this.watch = new JobWatch(() => this.requestUpdate());
  }

  async open(row) {
    this.row = row;
    this.error = this.near = null;
    await this.updateComplete;
    const form = this.renderRoot.querySelector('form');
    form.reset();
    for (const name of ['text', 'guide', 'note']) form.elements[name].value = row[name] ?? '';
    this.renderRoot.querySelector('dialog').showModal();
  }

  get #values() {
    return Object.fromEntries(new FormData(this.renderRoot.querySelector('form')));
  }

  async #save(event) {
    event.preventDefault();
    const { text, guide, note } = this.#values;
    try {
      if (this.row.id) await postJson(`/api/studio/corpus/rows/${encodeURIComponent(this.row.id)}`, { text, guide, note }, { method: 'PATCH' });
      else await postJson('/api/studio/corpus/rows', { text, guide, note });
      this.renderRoot.querySelector('dialog').close();
      this.dispatchEvent(new CustomEvent('corpus-changed', { bubbles: true, composed: true }));
    } catch (error) {
      this.error = error;
    }
  }

  async #compare() {
    const { text } = this.#values;
    if (!text.trim()) return;
    this.error = this.near = null;
    try {
      this.near = await this.watch.run('/api/studio/corpus/nearest', { text });
    } catch (error) {
      this.error = error;
    }
  }

  render() {
    const { t, row } = this;
    return html`<dialog aria-labelledby="head"><form @submit=${this.#save}><h2 id="head">${t(row.id ? 'row.edit' : 'row.new')}</h2>
      <label>${t('col.text')}<textarea name="text" rows="2" required maxlength="500"></textarea></label>
      <label>${t('col.guide')}<select name="guide" required>${Object.entries(this.titles).map(([id, title]) => html`<option value=${id}>${id === 'none' ? t('none.guide') : title || id}</option>`)}</select></label>
      <label>${t('col.note')}<input name="note" maxlength="500"></label>
      <p class="tiny">${t(row.status === 'live' ? 'row.live' : 'row.draft')}</p>
      <div class="near" role="status">${this.watch.running ? html`<p class="tiny">${t('near.busy', { done: this.watch.job.done, total: this.watch.job.total })}</p>` : nothing}
        ${this.near ? html`${this.near.near ? html`<p class="note">${t('near.same')}</p>` : nothing}<ul>${this.near.rows.map((each) => html`<li><span>${each.text} <span class="tiny">${this.titles[each.guide] || each.guide}</span></span><span class="num">${Math.round(100 * each.likeness)}%</span></li>`)}</ul>` : nothing}</div>
      ${trouble(this.error)}
      <div class="bar"><button type="button" class="plain" ?disabled=${this.watch.running} @click=${this.#compare}>${t('near.run')}</button><span class="grow"></span><button type="button" class="plain" @click=${(e) => e.target.closest('dialog').close()}>${t('cancel')}</button><button class="primary">${t('save')}</button></div></form></dialog>`;
  }
}

customElements.define('row-editor', RowEditor);
