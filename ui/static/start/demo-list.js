// Demo calls that can be played here, each with its speed and how far it has come.

import { LitElement, html, css, nothing } from '../vendor/lit.js';
import { base, icon, clock } from '../design/base.js';
import { troubleNote, troubleStyles } from '../panel/trouble-note.js';
import { LiveSource } from '../panel/source.js';
import { linkTo } from '../server.js';
import { getJson, postJson } from '../shell/api.js';

const SPEEDS = ['1', '4', 'max'];

export class DemoList extends LitElement {
  static properties = { calls: { attribute: false }, t: { attribute: false }, demos: { state: true }, speed: { state: true }, runs: { state: true } };

  static styles = [base, troubleStyles, css`
    h2 { font-size: var(--t-sm); color: var(--ink-2); min-height: 32px; display: flex; align-items: center; }
    .head { display: flex; justify-content: space-between; align-items: center; margin-bottom: var(--s-2); }
    .lead { font-size: var(--t-xs); color: var(--ink-3); margin-top: var(--s-2); }
    .speeds { display: inline-flex; gap: 2px; padding: 3px; border-radius: var(--r-2); background: var(--track); }
    .speeds label { display: grid; place-items: center; min-width: 46px; min-height: 26px; padding: 0 8px; border-radius: var(--r-1); font-size: var(--t-xs); color: var(--ink-2); cursor: pointer; }
    .speeds input { position: absolute; opacity: 0; width: 1px; height: 1px; min-height: 1px; }
    .speeds label:has(:checked) { background: var(--raised); color: var(--ink); font-weight: var(--w-medium); box-shadow: var(--shadow); }
    .speeds label:has(:focus-visible) { outline: 2px solid var(--focus); }
    ul { overflow: hidden; }
    li { padding: var(--s-2) var(--s-2) var(--s-2) var(--s-4); }
    li + li { border-top: 1px solid var(--line); }
    .row { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: var(--s-3); align-items: center; min-height: 40px; }
    .name { font-weight: var(--w-medium); }
    small { font-size: var(--t-xs); color: var(--ink-3); }
    a { display: inline-flex; align-items: center; gap: 6px; min-height: 32px; padding: 0 var(--s-3); border-radius: var(--r-1); background: var(--accent); color: var(--on-accent); font-weight: var(--w-medium); text-decoration: none; }
    a:hover { background: var(--accent-hover); }
    progress { width: 100%; height: 4px; appearance: none; border: 0; border-radius: 2px; background: var(--hover); display: block; margin: 5px 0 3px; overflow: hidden; }
    progress::-webkit-progress-bar { background: var(--hover); }
    progress::-webkit-progress-value { background: var(--accent); transition: width var(--calm); }
    progress::-moz-progress-bar { background: var(--accent); }
    .trouble { margin: var(--s-1) var(--s-2) var(--s-1) 0; }
    .none { padding: var(--s-4); color: var(--ink-3); font-size: var(--t-sm); }
  `];

  constructor() {
    super();
    this.demos = null;
    this.speed = '1';
    this.runs = {}; // name -> {call, at_ms} | {starting} | {trouble}
    this.sources = new Set();
    this.calls = [];
  }

  async connectedCallback() {
    super.connectedCallback();
    this.demos = await getJson('/api/demo-calls').then(({ calls }) => calls, () => []);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.sources.forEach((source) => source.stop());
  }

  #run(name, run) {
    this.runs = { ...this.runs, [name]: run };
  }

  async #play(demo) {
    this.#run(demo.name, { starting: true });
    try {
      const { call } = await postJson(`/api/demo-calls/${encodeURIComponent(demo.name)}`, { speed: this.speed });
      this.#run(demo.name, { call, at_ms: 0 });
      this.#follow(demo.name, call);
      await this.updateComplete;
      this.renderRoot.querySelector(`[data-name="${CSS.escape(demo.name)}"] a`)?.focus();
    } catch (error) {
      this.#run(demo.name, { trouble: { code: error.code, message: error.message, remedy: error.remedy ?? '', values: error.values } });
    }
  }

  /** The call's own events say how far the sound has come. */
  #follow(name, call) {
    const source = new LiveSource(call, { refusals: () => ({}) });
    this.sources.add(source);
    source.start({
      onConnection: () => {},
      onEvent: ({ at_ms, fact }) => {
        const ended = fact.kind === 'call_ended';
        if (ended || at_ms - this.runs[name].at_ms > 400) this.#run(name, { call, at_ms, ended });
        if (!ended) return;
        source.stop();
        this.sources.delete(source);
      },
    });
  }

  render() {
    const { t, demos } = this;
    if (demos && !demos.length) return html`<h2>${t('start.demo')}</h2><p class="card none">${t('start.demo.none')}</p>`;
    return html`
      <div class="head"><h2>${t('start.demo')}</h2><div class="speeds" role="radiogroup" aria-label=${t('start.speed')}>${SPEEDS.map(
        (speed) => html`<label><input type="radio" name="speed" value=${speed} .checked=${this.speed === speed}
          @change=${() => (this.speed = speed)}>${speed === 'max' ? t('start.speed.max') : `${speed}×`}</label>`,
      )}</div></div>
      <ul class="card" aria-busy=${!demos}>${demos ? demos.map((demo) => this.#demo(demo)) : html`<li class="none">${t('start.loading')}</li>`}</ul>
      <p class="lead">${t('start.demo.text')}</p>`;
  }

  #demo(demo) {
    const { t } = this;
    const run = this.runs[demo.name];
    const length = demo.duration_s * 1000;
    return html`<li data-name=${demo.name}>
      <div class="row">
        <div>
          <p class="name clip">${demo.title}</p>
          ${run?.call
            ? html`<progress max="100" .value=${run.ended ? 100 : Math.min(99, (100 * run.at_ms) / length)} aria-label=${t('start.progress')}></progress>
                <small class="num">${run.ended ? t('status.ended') : `${clock(run.at_ms)} / ${clock(length)}`}</small>`
            : html`<small class="num">${demo.lang === 'en' ? 'English' : '中文'} · ${clock(length)}</small>`}
        </div>
        ${run?.call
          ? html`<a href=${linkTo(`/panel?call=${encodeURIComponent(run.call)}`)}>${t('start.open')}${icon('chevron-right', 14)}</a>`
          : html`<button class="plain" ?disabled=${run?.starting} aria-label=${t('start.play.named', { title: demo.title })} @click=${() => this.#play(demo)}>
              ${icon('play', 14)}${t(run?.starting ? 'start.starting' : 'start.play')}</button>`}
      </div>
      ${run?.trouble ? troubleNote(run.trouble, t) : nothing}
    </li>`;
  }
}

customElements.define('demo-list', DemoList);
