// The ticket form's values: what the system drafted, under what the agent has typed. Pure.
//
// An edit belongs to a place ("guide/step") and a field. A later draft refreshes only fields that
// the agent has not touched; typing the drafted value again gives the field back to the system.

/** edits: Map(place -> {field: value}). Returns a new Map. */
export function withEdit(edits, place, field, value, drafted) {
  const { [field]: _old, ...others } = edits.get(place) ?? {};
  const next = value === drafted ? others : { ...others, [field]: value };
  return new Map(edits).set(place, next);
}

/** The form as the agent sees it: each field with its value, and whether the agent wrote it. */
export function formOf(draft, edited = {}) {
  return draft.fields.map((field) => {
    const touched = field.name in edited;
    const value = touched ? edited[field.name] : field.value;
    return { ...field, drafted: field.value, value, touched, missing: field.required && !value.trim() };
  });
}

/** What file_ticket sends: {name: value} of every field. */
export const valuesOf = (form) => Object.fromEntries(form.map(({ name, value }) => [name, value.trim()]));
