import { afterEach, expect, test, vi } from 'vitest';
import { Aloud, partsOfLines, voiceFor } from './aloud.svelte';
import { saidOn } from './page';

const voice = (lang: string, localService = true) => ({ lang, localService, name: lang, default: false, voiceURI: lang }) as SpeechSynthesisVoice;

/** A phone with these voices; each sentence is over as soon as the test says so. */
function phoneWith(voices: SpeechSynthesisVoice[]) {
  const spoken: { text: string; lang: string; onend: () => void }[] = [];
  vi.stubGlobal('speechSynthesis', { getVoices: () => voices, speak: (one: (typeof spoken)[number]) => spoken.push(one), cancel: () => undefined, addEventListener: () => undefined });
  vi.stubGlobal('SpeechSynthesisUtterance', class { text: string; constructor(text: string) { this.text = text; } });
  return spoken;
}
afterEach(() => vi.unstubAllGlobals());

test('a page is read in the order in which it stands, without what is hidden or inside another part', () => {
  document.body.innerHTML = `<main lang="cy"><div class="unread"><button>Read</button></div>
    <h1>Heddiw</h1><ul><li>Un <p>dau</p></li></ul><p aria-hidden="true">no</p><p lang="en">Ring 116 123.</p><button>Cadw<svg><text>x</text></svg></button><p>  </p></main>`;
  const said = saidOn(document.querySelector('main')!);
  expect(said.map(({ text, language }) => [text, language])).toEqual([['Heddiw', 'cy'], ['Un', 'cy'], ['dau', 'cy'], ['Ring 116 123.', 'en'], ['Cadw', 'cy']]);
});

test('what is in another language is read by a voice of that language', async () => {
  const spoken = phoneWith([voice('cy-GB'), voice('en-GB')]);
  const aloud = new Aloud();
  await aloud.start(partsOfLines([{ text: 'Help nawr. Yma.', language: 'cy' }, { text: 'Ring 116 123.', language: 'en' }]), 'cy');
  while (aloud.state === 'reading') spoken.at(-1)!.onend();
  expect(spoken.map(({ text, lang }) => [text, lang])).toEqual([['Help nawr.', 'cy-GB'], ['Yma.', 'cy-GB'], ['Ring 116 123.', 'en-GB']]);
  expect(aloud.block).toBeNull();
});

test('without a voice of its own the phone says so, and no voice from elsewhere is sent the words', async () => {
  const spoken = phoneWith([voice('en-GB'), voice('cy-GB', false)]);
  const aloud = new Aloud();
  await aloud.start(partsOfLines([{ text: 'Helo.', language: 'cy' }]), 'cy');
  expect([aloud.state, spoken.length]).toEqual(['no_voice', 0]);
  expect(voiceFor([voice('cy', false)], 'cy')).toBeNull();
});
