import { speak, type Words } from '../../shared/i18n.svelte';
import type { Language } from '../../shared/wire';
import { easyRead, language, textSize } from '../store/suits.svelte';

// The app speaks as it suits the person: Welsh and Easy Read come in files of their own, which only they fetch, and a phone that has them
// shows no English first. Large text is a mark on the root, so that every page grows with its spaces.

/** Of what was asked for, the part that could not be fetched; English stands in its place until it can. */
export const missing = $state<{ language: Language | null }>({ language: null });

/** So long a slow line may keep the first page back. After that it comes in English, and changes when the words are there. */
const PATIENCE = 3_000;

const wordsFor = (wanted: Language, easy: boolean): Promise<Words> =>
  wanted === 'cy' ? import('./welsh').then(({ welsh }) => welsh) : easy ? import('./easy.en').then(({ easy }) => easy) : Promise.resolve({});

let turn = 0;
let asked = '';
async function speakNow(again = false): Promise<void> {
  const [wanted, easy] = [language(), easyRead()];
  if (!again && asked === `${wanted} ${easy}`) return;
  asked = `${wanted} ${easy}`;
  const own = ++turn;
  try {
    const words = await wordsFor(wanted, easy);
    // Somebody chose anew while this came.
    if (own !== turn) return;
    speak(wanted, words);
    missing.language = null;
  } catch {
    if (own !== turn) return;
    speak('en');
    missing.language = wanted;
  }
}

/** From now on as chosen, and as the choice changes. Resolved when the first words are there. */
export function beginSpeaking(): Promise<void> {
  const first = speakNow();
  $effect.root(() => {
    $effect.pre(() => void speakNow());
    // shell/room.ts looks again whether a bar still has room.
    $effect.pre(() => {
      document.documentElement.dataset.text = textSize();
      document.documentElement.toggleAttribute('data-easy', easyRead());
      window.dispatchEvent(new Event('resize'));
    });
  });
  // What could not be fetched is tried again when there is signal.
  window.addEventListener('online', () => missing.language && void speakNow(true));
  return Promise.race([first, new Promise<void>((done) => setTimeout(done, PATIENCE))]);
}
