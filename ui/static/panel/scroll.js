// Bringing a part of the card into view without moving anything else.

const MARGIN_PX = 12; // --s-3

/** Scrolls this box only (scrollIntoView would move the page around it as well). */
export function bringIntoView(box, part) {
  const outer = box.getBoundingClientRect();
  const inner = part.getBoundingClientRect();
  const above = inner.top - outer.top - MARGIN_PX;
  const below = inner.bottom - outer.bottom + MARGIN_PX;
  if (above < 0 || below > 0) box.scrollTop += above < 0 ? above : Math.min(above, below);
}
