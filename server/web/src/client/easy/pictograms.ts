// Our own pictures for Easy Read, on a 48-unit square: one list of strokes each, and what is filled softly. One hand drew them all: a thing or a
// person from the front, round ends, no faces that judge. They stand beside words, and never instead of them.
type Pictogram = { soft?: string[]; lines: string[] };

const head = (x: number, y: number, r: number) => `M${x} ${y - r}a${r} ${r} 0 1 0 0 ${2 * r}a${r} ${r} 0 1 0 0 ${-2 * r}Z`;
const BUBBLE = 'M8 10h32v20H24l-8 8v-8H8Z';
const HANDSET = 'M15 8 20 17l-4 4c2 5 6 9 11 11l4-4 9 5c0 5-3 8-8 7C20 38 10 28 8 16c-1-5 2-8 7-8Z';
const CLOCK = head(24, 24, 16);

export const pictograms = {
  today: { soft: [head(24, 24, 8)], lines: [head(24, 24, 8), 'M24 6v5M24 37v5M6 24h5M37 24h5M11 11l4 4M33 33l4 4M37 11l-4 4M15 33l-4 4'] },
  check_in: { soft: [head(24, 24, 17)], lines: [head(24, 24, 17), 'M17 20v2M31 20v2', 'M17 31h14'] },
  contact: { soft: ['M26 6h16v13h-8l-4 4v-4h-4Z'], lines: [head(15, 20, 6), 'M4 42c1-9 6-13 11-13s10 4 11 13', 'M26 6h16v13h-8l-4 4v-4h-4Z'] },
  pack: { soft: ['M12 42V24a12 12 0 0 1 24 0v18Z'], lines: ['M12 42V24a12 12 0 0 1 24 0v18Z', 'M18 13v-3a6 6 0 0 1 12 0v3', 'M17 42V31h14v11M17 24h14'] },
  plan: { soft: ['M11 8h26v34H11Z'], lines: ['M11 8h26v34H11Z', 'M19 8V5h10v3', 'M16 18l2 2 4-4M16 29l2 2 4-4M27 18h5M27 30h5'] },
  me: { soft: ['M8 42c1-11 8-16 16-16s15 5 16 16Z'], lines: [head(24, 14, 8), 'M8 42c1-11 8-16 16-16s15 5 16 16Z'] },
  help: { soft: [HANDSET], lines: [HANDSET, 'M30 8c6 1 9 4 10 10M30 15c2 0 3 1 3 3'] },
  reminders: { soft: ['M10 34c4-4 3-9 4-14a10 10 0 0 1 20 0c1 5 0 10 4 14Z'], lines: ['M10 34c4-4 3-9 4-14a10 10 0 0 1 20 0c1 5 0 10 4 14Z', 'M24 10V6M20 39a4 4 0 0 0 8 0'] },
  ring: { soft: [HANDSET], lines: [HANDSET] },
  text: { soft: [BUBBLE], lines: [BUBBLE, 'M15 17h18M15 23h11'] },
  visit: { soft: ['M22 8h18v34H22Z'], lines: ['M22 8h18v34H22Z', 'M35 25v2', head(11, 22, 4), 'M5 42c0-8 2-12 6-12s6 4 6 12'] },
  soon: { soft: [CLOCK], lines: [CLOCK, 'M24 14v10h-7'] },
  day: { soft: ['M8 12h32v28H8Z'], lines: ['M8 12h32v28H8Z', 'M8 20h32M16 8v7M32 8v7', 'M20 28h8v6h-8Z'] },
  any_time: { soft: ['M8 12h32v28H8Z'], lines: ['M8 12h32v28H8Z', 'M8 20h32M16 8v7M32 8v7', 'M15 27h2M23 27h2M31 27h2M15 34h2M23 34h2M31 34h2'] },
  words: { soft: ['M8 40l3-9L32 10l6 6L17 37Z'], lines: ['M8 40l3-9L32 10l6 6L17 37Z', 'M28 14l6 6M26 41h14'] },
  sees: { soft: [head(24, 24, 6)], lines: ['M4 24c6-9 13-13 20-13s14 4 20 13c-6 9-13 13-20 13S10 33 4 24Z', head(24, 24, 6)] },
  share: { soft: ['M4 42c1-8 5-12 10-12s9 4 10 12Z', 'M24 42c1-8 5-12 10-12s9 4 10 12Z'], lines: [head(14, 22, 5), head(34, 22, 5), 'M4 42c1-8 5-12 10-12s9 4 10 12M24 42c1-8 5-12 10-12s9 4 10 12', 'M17 9h14M27 5l4 4-4 4'] },
  listen: { soft: ['M6 19h8l10-9v28l-10-9H6Z'], lines: ['M6 19h8l10-9v28l-10-9H6Z', 'M30 18c3 3 3 9 0 12M36 13c6 6 6 16 0 22'] },
  talk: { soft: ['M6 8h22v16H18l-6 6v-6H6Z'], lines: ['M6 8h22v16H18l-6 6v-6H6Z', 'M33 18h9v16h-5v6l-7-6h-9v-5'] },
  letters: { soft: ['M6 10h36v28H6Z'], lines: ['M6 10h36v28H6Z', 'M12 32l6-16 6 16M14 27h8', 'M34 24v8M34 28a4 4 0 1 0-8 0 4 4 0 0 0 8 0'] },
  signs: { soft: ['M14 8c8-3 14 4 24 1v16c-10 3-16-4-24-1Z'], lines: ['M14 42V8', 'M14 8c8-3 14 4 24 1v16c-10 3-16-4-24-1'] },
  phone: { soft: ['M15 5h18v38H15Z'], lines: ['M15 5h18v38H15Z', 'M22 37h4M15 32h18'] },
  thanks: { soft: ['M24 41C12 32 7 26 7 18a8 8 0 0 1 17-3 8 8 0 0 1 17 3c0 8-5 14-17 23Z'], lines: ['M24 41C12 32 7 26 7 18a8 8 0 0 1 17-3 8 8 0 0 1 17 3c0 8-5 14-17 23Z'] },
  change: { soft: [head(13, 32, 5), head(35, 14, 5)], lines: [head(13, 32, 5), head(35, 14, 5), 'M19 30c6-2 8-7 11-12', 'M24 40h16M36 36l4 4-4 4'] },
  settings: { soft: [head(30, 15, 5), head(18, 33, 5)], lines: ['M6 15h19M35 15h7M6 33h7M23 33h19', head(30, 15, 5), head(18, 33, 5)] },
  lock: { soft: ['M10 22h28v20H10Z'], lines: ['M10 22h28v20H10Z', 'M16 22v-6a8 8 0 0 1 16 0v6', 'M24 30v5'] },
  plain: { soft: ['M10 6h28v36H10Z'], lines: ['M10 6h28v36H10Z', 'M17 16h14M17 24h14M17 32h8'] },
  kept: { soft: ['M6 12h36v9H6Z'], lines: ['M6 12h36v9H6Z', 'M10 21v19h28V21', 'M19 28h10'] },
  waits: { soft: ['M15 5h18v38H15Z'], lines: ['M15 5h18v38H15Z', 'M22 37h4', 'M24 28V14M19 19l5-5 5 5'] },
  leave: { soft: ['M8 8h18v32H8Z'], lines: ['M26 16V8H8v32h18v-8', 'M18 24h22M33 17l7 7-7 7'] },
} satisfies Record<string, Pictogram>;

export type PictogramName = keyof typeof pictograms;
