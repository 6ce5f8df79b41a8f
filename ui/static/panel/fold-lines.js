// The lines of the conversation, folded; part of fold.js.

/** A new or changed utterance. Final text never changes again; lines stay in order of start. */
export function speech(state, fact, change) {
  // An utterance still being spoken is near the end, so look from there.
  const at = state.lines.findLastIndex((line) => line.utterance === fact.utterance);
  const known = state.lines[at];
  if (known?.tier === 'final') return {};
  const line = change(
    known ?? {
      utterance: fact.utterance,
      speaker: fact.speaker,
      start_ms: fact.start_ms,
      end_ms: null,
      confidence: 0,
      text: '',
      display: '',
      corrections: [],
      guess: '',
      tier: 'guess',
    },
  );
  const lines = state.lines.slice();
  if (known) lines.splice(at, 1);
  const after = lines.findLastIndex((other) => other.start_ms <= line.start_ms) + 1;
  lines.splice(after, 0, line);
  return { lines };
}
