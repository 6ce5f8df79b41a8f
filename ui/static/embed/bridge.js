// The frame's line to the page around it, by postMessage: only to and from a page of this server or
// one that the server's setting `frame_ancestors` names. docs/embedding.md lists the messages.

const VERSION = 1;

/** Origins this server lets in; ours among them. */
export function allowedOrigins() {
  const named = document.querySelector('meta[name=assist-origins]')?.content ?? '';
  return new Set([location.origin, ...named.split(/\s+/).filter(Boolean)]);
}

/** The origin of the page that frames this one, or "" where there is none. */
export function parentOrigin() {
  if (window.parent === window) return '';
  const [nearest] = location.ancestorOrigins ?? [];
  if (nearest) return nearest;
  return URL.canParse(document.referrer) ? new URL(document.referrer).origin : '';
}

export class Bridge {
  /** `hear(message)` gets what the page asks for. */
  constructor(hear) {
    const origin = parentOrigin();
    this.origin = allowedOrigins().has(origin) ? origin : '';
    this.hear = hear;
    this.onMessage = (event) => this.#take(event);
    addEventListener('message', this.onMessage);
  }

  get isOpen() {
    return Boolean(this.origin);
  }

  tell(message) {
    if (this.isOpen) window.parent.postMessage({ assist: VERSION, ...message }, this.origin);
  }

  close() {
    removeEventListener('message', this.onMessage);
  }

  #take({ source, origin, data }) {
    if (source !== window.parent || !this.isOpen || origin !== this.origin) return;
    if (data?.assist === VERSION && typeof data.type === 'string') this.hear(data);
  }
}
