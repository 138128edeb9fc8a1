// Pictures of texts, for as long as a view shows them: an <img> cannot sign in, so the bytes are fetched and given an address here.
import { api } from '../session.svelte';

export class Pictures {
  private readonly known = new Map<string, Promise<string | null>>();
  private readonly path: (id: string) => string;

  constructor(path = (id: string) => `/team/resource-images/${encodeURIComponent(id)}`) {
    this.path = path;
  }

  /** An address for an <img>, or null when it did not come; then the next one who asks tries again. */
  address = (id: string): Promise<string | null> => {
    const known = this.known.get(id);
    if (known) return known;
    const asked = api.blob(this.path(id)).then(
      (bytes) => URL.createObjectURL(bytes),
      () => {
        this.known.delete(id);
        return null;
      },
    );
    this.known.set(id, asked);
    return asked;
  };

  forget() {
    for (const asked of this.known.values()) void asked.then((address) => address && URL.revokeObjectURL(address));
    this.known.clear();
  }
}
