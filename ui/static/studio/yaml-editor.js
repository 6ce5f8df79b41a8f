// The text of a guide in CodeMirror: problems at their lines, completion, undo. Its styles are adopted
// by the shadow root, so that none stands in the page.

import { LitElement, html, css } from '../vendor/lit.js';
import {
  EditorState, EditorView, HighlightStyle, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completionKeymap,
  defaultKeymap, drawSelection, highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches, highlightSpecialChars,
  history, historyKeymap, indentUnit, keymap, lineNumbers, lintGutter, lintKeymap, search, searchKeymap, setDiagnostics,
  syntaxHighlighting, tags, yaml,
} from '../vendor/editor/editor.js';
import { askedAt, choicesAt, placeOf } from './completion.js';
import { CODE_WORDS } from './code-words.js';

const COLOURS = HighlightStyle.define([
  { tag: [tags.definition(tags.propertyName), tags.propertyName], color: 'var(--accent-ink)' },
  { tag: tags.comment, color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ok-ink)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--warn-ink)' },
  { tag: [tags.labelName, tags.typeName, tags.meta], color: 'var(--customer)' },
]);
const LOOK = EditorView.theme({
  '&': { height: '100%', fontSize: '13px', backgroundColor: 'var(--surface)', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--font-mono)', lineHeight: '1.6' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--surface)', color: 'var(--ink-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 6%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { backgroundColor: 'color-mix(in srgb, var(--accent) 24%, transparent)' },
  '.cm-selectionMatch': { backgroundColor: 'color-mix(in srgb, var(--warn) 22%, transparent)' },
  '.cm-tooltip': { backgroundColor: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--line)', borderRadius: '6px', boxShadow: 'var(--shadow-high)' },
  '.cm-tooltip-autocomplete > ul > li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--on-accent)' },
  '.cm-completionDetail': { fontStyle: 'normal', opacity: '0.75' },
  '.cm-completionInfo': { maxWidth: '280px' },
  '.cm-panels': { backgroundColor: 'var(--inset)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield, .cm-button': { background: 'var(--surface)', color: 'var(--ink)', border: '1px solid var(--field-line)' },
  '.cm-diagnostic': { fontFamily: 'var(--font)' },
});

class YamlEditor extends LitElement {
  static properties = { problems: { attribute: false }, vocabulary: { attribute: false }, facts: { attribute: false }, label: {}, readonly: { type: Boolean }, language: {} };

  static styles = css`
    :host { display: block; min-height: 0; overflow: hidden; }
    .at { height: 100%; }
  `;

  constructor() {
    super();
    this.problems = [];
    this.facts = { steps: [], slots: {} };
    this.initial = '';
  }

  get text() {
    return this.view?.state.doc.toString() ?? this.initial;
  }

  /** Another text from outside; only what differs is changed, so that undo and the cursor stay. */
  set text(text) {
    if (!this.view) {
      this.initial = text;
      return;
    }
    const old = this.text;
    if (old === text) return;
    let from = 0;
    while (from < old.length && old[from] === text[from]) from++;
    let tail = 0;
    while (tail < old.length - from && tail < text.length - from && old.at(-1 - tail) === text.at(-1 - tail)) tail++;
    this.view.dispatch({ changes: { from, to: old.length - tail, insert: text.slice(from, text.length - tail) } });
  }

  firstUpdated() {
    const told = EditorView.updateListener.of((update) => {
      if (update.docChanged) this.#tell('text', { text: this.text });
      if (update.selectionSet || update.docChanged) this.#tell('line', { line: update.state.doc.lineAt(update.state.selection.main.head).number });
    });
    const state = EditorState.create({
      doc: this.initial,
      extensions: [
        lineNumbers(), lintGutter(), highlightSpecialChars(), history(), drawSelection(), bracketMatching(), closeBrackets(),
        highlightActiveLine(), highlightActiveLineGutter(), highlightSelectionMatches(), search({ top: true }), yaml(), indentUnit.of('  '),
        syntaxHighlighting(COLOURS), LOOK, EditorView.lineWrapping, told, EditorState.readOnly.of(this.readonly),
        autocompletion({ override: [(context) => this.#complete(context)], icons: false }),
        EditorState.phrases.of(this.language === 'en' ? {} : CODE_WORDS),
        EditorView.contentAttributes.of({ 'aria-label': this.label, spellcheck: 'false', tabindex: '0' }),
        // Tab leaves the editor, as the keyboard needs it to; Ctrl-[ and Ctrl-] indent.
        keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
      ],
    });
    this.view = new EditorView({ state, parent: this.renderRoot.querySelector('.at'), root: this.renderRoot });
    this.#mark();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.view?.destroy();
    this.view = null;
  }

  updated(changed) {
    if (changed.has('problems') || changed.has('language')) this.#mark();
  }

  /** The cursor goes to a place and is seen. */
  goTo(line, column = 1, focus = true) {
    const { doc } = this.view.state;
    const at = doc.line(Math.min(Math.max(1, line), doc.lines));
    const pos = Math.min(at.to, at.from + column - 1);
    this.view.dispatch({ selection: { anchor: pos }, effects: EditorView.scrollIntoView(pos, { y: 'center' }) });
    if (focus) this.view.focus();
  }

  #mark() {
    if (!this.view) return;
    const { doc } = this.view.state;
    const marks = this.problems.map(({ line, column, level, message, rule }) => {
      const at = doc.line(Math.min(line, doc.lines));
      const from = Math.min(at.to, at.from + column - 1);
      const word = /^[^\s,{}[\]]*/.exec(doc.sliceString(from, at.to))[0].length;
      return { from, to: Math.max(from, from + word), severity: level, message: `${message[this.language] ?? message.en} (${rule})` };
    });
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  #complete(context) {
    if (!this.vocabulary) return null;
    const place = placeOf(this.text, context.pos);
    if (!context.explicit && !place.word && place.key === null) return null;
    const facts = { ...this.facts, asked: askedAt(this.text, context.pos) };
    const options = choicesAt(place, this.vocabulary, facts);
    return options.length ? { from: context.pos - place.word.length, options, validFor: /^[\w.-]*$/ } : null;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(`editor-${name}`, { detail }));
  }

  render() {
    return html`<div class="at"></div>`;
  }
}

customElements.define('yaml-editor', YamlEditor);
