import { oneLine, type Kept } from '../kept';
import { wordOf, x } from '../words';

// Saved as a list, one thing on each line, the person's own before those from our list:
//
//   • ringing Dai and talking about football
//   • A hot drink

export const THINGS = [
  'drink', 'food', 'wash', 'air', 'music', 'telly', 'talking', 'near', 'alone', 'animal', 'hands', 'writing', 'lying', 'quiet', 'asking', 'nothing',
] as const;
export type Thing = (typeof THINGS)[number];

const lines = (text: string): string[] => text.split('\n').map((line) => oneLine(line).replace(/^[•\-*]\s*/, '')).filter(Boolean);

export function written(picked: Thing[], own: string): string {
  const listed = THINGS.filter((thing) => picked.includes(thing)).map((thing) => x(`helped.${thing}`));
  return [...lines(own), ...listed].map((line) => `• ${line}`).join('\n');
}

/** Everything that ever helped, the newest first and each once; what is from our list in the language now spoken. */
export function gathered(previous: Kept[]): { own: string[]; listed: Thing[] } {
  const own = new Map<string, string>();
  const listed = new Set<Thing>();
  for (const { text } of previous) {
    for (const line of lines(text ?? '')) {
      const thing = wordOf('helped', THINGS, line);
      if (thing) listed.add(thing);
      else if (!own.has(line.toLowerCase())) own.set(line.toLowerCase(), line);
    }
  }
  return { own: [...own.values()], listed: [...listed] };
}
