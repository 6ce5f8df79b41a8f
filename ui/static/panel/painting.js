// Once a frame and no oftener: a reconnect with a thousand events paints once.

const AT_MOST_MS = 60; // in a hidden tab no frame is drawn; events must not pile up

export class Painting {
  constructor(paint) {
    this.paint = paint;
    this.waiting = null;
  }

  soon() {
    if (this.waiting) return;
    const now = () => this.now();
    this.waiting = { frame: requestAnimationFrame(now), timer: setTimeout(now, AT_MOST_MS) };
  }

  now() {
    this.drop();
    this.paint();
  }

  drop() {
    if (!this.waiting) return;
    cancelAnimationFrame(this.waiting.frame);
    clearTimeout(this.waiting.timer);
    this.waiting = null;
  }
}
