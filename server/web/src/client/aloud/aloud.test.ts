import { afterEach, expect, test, vi } from 'vitest';
import { Aloud, partsOfLines, voiceFor } from './aloud.svelte';
import { hush } from './hush';
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

test('what somebody’s own words stand in is read, and so are hints, links that stand alone, and English inside Welsh', () => {
  document.body.innerHTML = `<div class="notices"><div><p>Aros.</p><a href="#/x">Gweld</a></div></div><main lang="cy"><blockquote>Cerdded</blockquote>
    <span class="hint">Dewisol.</span><label>Enw <span class="hint">Byr.</span></label><p>Os oes perygl, <span lang="en">ring 999.</span> Nawr.</p><select><option>no</option></select></main>`;
  const said = saidOn(...document.querySelectorAll<HTMLElement>('.notices, main'));
  expect(said.map(({ text, language }) => `${language} ${text}`)).toEqual([
    'en Aros.', 'en Gweld', 'cy Cerdded', 'cy Dewisol.', 'cy Enw', 'cy Byr.', 'cy Os oes perygl,', 'en ring 999.', 'cy Nawr.',
  ]);
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

test('what has a voice is read, and what has none is told of', async () => {
  const spoken = phoneWith([voice('en-GB')]);
  const aloud = new Aloud();
  await aloud.start(partsOfLines([{ text: 'Help nawr.', language: 'cy' }, { text: 'Ring 116 123.', language: 'en' }]), 'cy');
  expect([aloud.state, aloud.block, aloud.without]).toEqual(['reading', 1, 'cy']);
  spoken.at(-1)!.onend();
  expect([spoken.map(({ text }) => text), aloud.state, aloud.without]).toEqual([['Ring 116 123.'], 'still', 'cy']);
  await aloud.start(partsOfLines([{ text: 'Ring 116 123.', language: 'en' }]), 'cy');
  expect(aloud.without).toBeNull();
});

test('hushed, it says nothing more, though the phone tells of the cut sentence as of one that ended; and two never speak at once', async () => {
  const spoken = phoneWith([voice('en-GB')]);
  const [one, other] = [new Aloud(), new Aloud()];
  const lines = partsOfLines([{ text: 'One. Two.', language: 'en' }]);
  await one.start(lines, 'en');
  hush();
  spoken.at(-1)!.onend();
  expect([one.state, spoken.length]).toEqual(['still', 1]);
  await one.start(lines, 'en');
  await other.start(lines, 'en');
  expect([one.state, other.state]).toEqual(['still', 'reading']);
});
