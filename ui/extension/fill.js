// Runs in the CRM's page, and only after a click on "Fill in the CRM": puts values into its fields and
// tells the page so, as typing would. It submits nothing and reads nothing.

/** `selectors` {field: CSS}, `fields` {field: {label, value}}. Handed over as text: it must name nothing outside itself. */
export function fillForm(selectors, fields) {
  const filled = [];
  const missing = [];
  for (const [name, selector] of Object.entries(selectors)) {
    const given = fields[name];
    if (!given || !given.value) continue;
    const field = document.querySelector(selector);
    if (field instanceof HTMLSelectElement) {
      const option = [...field.options].find(({ value, text }) => value === given.value || text.trim() === given.value);
      if (option) field.value = option.value;
      (option ? filled : missing).push(given.label);
      if (!option) continue;
    } else if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement) {
      // By the element's own setter: frameworks that watch `value` must notice.
      Object.getOwnPropertyDescriptor(Object.getPrototypeOf(field), 'value').set.call(field, given.value);
      filled.push(given.label);
    } else {
      missing.push(given.label);
      continue;
    }
    for (const kind of ['input', 'change']) field.dispatchEvent(new Event(kind, { bubbles: true }));
  }
  return { filled, missing };
}
