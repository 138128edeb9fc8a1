// A text while it is being written. The form and the raw file are two views of the same words; only one of them is written in at a time.
import type { Edition, Preview, Resource, Text, Version } from '../../shared/wire-pack';
import { api } from '../session.svelte';
import { begun, blank, read, write, type Piece } from './front';

export type Start = { markdown: string; based_on: string | null };

export class Writing {
  edition = $state<Edition>('en');
  mode = $state<'form' | 'file'>('form');
  piece = $state<Piece>(blank('en', ''));
  raw = $state('');
  /** The hash of the text this one starts from: so the server knows when somebody saved in between. */
  basedOn: string | null = null;
  private saved = $state('');
  readonly written = $derived(write(this.piece));
  readonly markdown = $derived(this.mode === 'form' ? this.written.file : this.raw);
  readonly changed = $derived(this.markdown !== this.saved);

  constructor(edition: Edition, start: Start) {
    this.edition = edition;
    this.begin(start);
  }

  /** From what is kept on the server. */
  begin({ markdown, based_on }: Start) {
    this.take(markdown);
    this.basedOn = based_on;
    this.saved = this.markdown;
  }

  /** Other words for the same text: as a form when it can be read as one. */
  take(markdown: string) {
    this.raw = markdown;
    const piece = read(markdown);
    if (piece) this.piece = piece;
    this.mode = piece ? 'form' : 'file';
  }

  toFile() {
    this.raw = this.markdown;
    this.mode = 'file';
  }

  /** False: the form would lose something of it. */
  toForm(): boolean {
    const piece = read(this.raw);
    if (!piece) return false;
    this.piece = piece;
    this.mode = 'form';
    return true;
  }

  keptBy(markdown: string, hash: string | null) {
    this.saved = markdown;
    this.basedOn = hash;
  }
}

/** The text that a change starts from: the draft, else what clients see, else the newest there is. */
export function newest(resource: Resource, edition: Edition): Version | undefined {
  const own = resource.texts.filter((one) => one.edition === edition);
  return own.find((one) => one.state === 'draft') ?? own.find((one) => one.state === 'published') ?? own[0];
}

/** Where writing begins. A first text of a wording takes over what all wordings share. */
export function startOf(resource: Resource | null, edition: Edition, today: string): Start {
  const own = resource && newest(resource, edition);
  if (own) return { markdown: own.markdown, based_on: own.hash };
  const from = resource && (newest(resource, 'en') ?? resource.texts[0]);
  const piece = from && read(from.markdown);
  return { markdown: write(piece ? begun(piece, edition, today) : blank(edition, today)).file, based_on: null };
}

const PAUSE = 500;

/** What the server makes of the words, asked when the typing pauses. */
export class Previewing {
  data = $state.raw<Preview | null>(null);
  /** The last that could be drawn, so that one slip does not empty the page. */
  text = $state.raw<Text | null>(null);
  failed = $state(false);
  private turn = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  soon(edition: Edition, markdown: string) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(edition, markdown), this.data ? PAUSE : 0);
  }

  async now(edition: Edition, markdown: string) {
    clearTimeout(this.timer);
    const turn = ++this.turn;
    try {
      const data = await api.post<Preview>('/team/resources/preview', { edition, markdown });
      if (turn !== this.turn) return;
      this.data = data;
      this.text = data.text ?? this.text;
      this.failed = false;
    } catch {
      if (turn === this.turn) this.failed = true;
    }
  }

  stop() {
    clearTimeout(this.timer);
    this.turn += 1;
  }
}
