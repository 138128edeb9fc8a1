import type { Language } from '../../shared/wire';
import type { Block } from '../../shared/wire-pack';
import { speaks } from './hush';

// Reads a text aloud with the phone's own voice. A voice that lives elsewhere is not used: it would tell somebody what is
// being read, and fall silent with no signal.

/** `language`: where it is not that of the whole. */
export type Part = { block: number; text: string; language?: Language };
type Spoken = Part & { voice: SpeechSynthesisVoice };
/** The block of the title, which stands before the first. */
export const TITLE = -1;

/** In sentences: some phones stop by themselves in the middle of anything longer. */
export function partsOf(title: string, blocks: Block[]): Part[] {
  const parts: Part[] = sentences(title).map((text) => ({ block: TITLE, text }));
  blocks.forEach((block, place) => {
    const lines = block.kind === 'list' ? block.items.map(plain) : [block.kind === 'image' ? block.alt : plain(block.text)];
    for (const line of lines) for (const text of sentences(line)) parts.push({ block: place, text });
  });
  return parts;
}

/** Of lines in one language or another: the block is the line's place. */
export const partsOfLines = (lines: { text: string; language: Language }[]): Part[] =>
  lines.flatMap(({ text, language }, block) => sentences(text).map((sentence) => ({ block, text: sentence, language })));

const plain = (spans: { text: string }[]): string => spans.map((span) => span.text).join('');
const sentences = (line: string): string[] => (line.match(/.+?(?:[.?!…]["”’')]*(?=\s|$)|$)/gs) ?? []).map((text) => text.trim()).filter(Boolean);

export const voiceFor = (voices: readonly SpeechSynthesisVoice[], language: Language): SpeechSynthesisVoice | null => {
  const own = voices.filter((voice) => voice.localService && voice.lang.toLowerCase().replace('_', '-').split('-')[0] === language);
  const near = (voice: SpeechSynthesisVoice) => (/gb/i.test(voice.lang) ? 0 : 1) + (voice.default ? 0 : 0.5);
  return own.sort((a, b) => near(a) - near(b))[0] ?? null;
};

export type State = 'still' | 'reading' | 'paused' | 'no_voice' | 'failed';

export class Aloud {
  state = $state<State>('still');
  /** The block being read. */
  block = $state<number | null>(null);
  /** A language in which something stood there and that this phone has no voice for: that was left out. */
  without = $state<Language | null>(null);
  #parts: Spoken[] = [];
  #at = 0;
  /** Goes up with every start and stop, so that a late word from an earlier one is not heard. */
  #turn = 0;

  constructor() {
    // Asked once beforehand: many browsers only then begin to look for voices.
    synth()?.getVoices();
  }

  async start(parts: Part[], language: Language): Promise<void> {
    speaks(this.stop);
    const turn = ++this.#turn;
    const there = synth()?.getVoices() ?? [];
    const voices = there.length ? there : await lateVoices();
    if (turn !== this.#turn) return;
    this.without = parts.map((part) => part.language ?? language).find((one) => !voiceFor(voices, one)) ?? null;
    this.#parts = parts.flatMap((part) => {
      const voice = voiceFor(voices, part.language ?? language);
      return voice ? [{ ...part, voice }] : [];
    });
    this.#at = 0;
    if (this.without && !this.#parts.length) this.state = 'no_voice';
    else this.#speak();
  }

  /** Pausing is stopping with a bookmark: what browsers call pause does not come back on every phone. */
  pause(): void {
    this.#hush();
    this.state = 'paused';
  }

  resume(): void {
    this.#hush();
    this.#speak();
  }

  stop = (): void => {
    this.#hush();
    this.state = 'still';
    this.block = null;
  };

  #hush(): void {
    this.#turn++;
    synth()?.cancel();
  }

  #speak(): void {
    const part = this.#parts[this.#at];
    const speech = synth();
    if (!part || !speech) return this.stop();
    const turn = this.#turn;
    const spoken = new SpeechSynthesisUtterance(part.text);
    spoken.voice = part.voice;
    spoken.lang = part.voice.lang;
    spoken.rate = 0.95;
    spoken.onend = () => {
      if (turn !== this.#turn) return;
      this.#at++;
      this.#speak();
    };
    spoken.onerror = () => {
      if (turn !== this.#turn) return;
      this.#hush();
      this.state = 'failed';
      this.block = null;
    };
    this.state = 'reading';
    this.block = part.block;
    speech.speak(spoken);
  }
}

const synth = (): SpeechSynthesis | null => (typeof speechSynthesis === 'undefined' ? null : speechSynthesis);

/** Voices often come a moment after they were asked for. */
function lateVoices(): Promise<SpeechSynthesisVoice[]> {
  const speech = synth();
  if (!speech || speech.getVoices().length) return Promise.resolve(speech?.getVoices() ?? []);
  return new Promise((done) => {
    const take = () => done(speech.getVoices());
    speech.addEventListener?.('voiceschanged', take, { once: true });
    setTimeout(take, 1_500);
  });
}
