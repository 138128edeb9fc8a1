// Where somebody has read to, in percent of the blocks of a text. Pure: the page's measurements in, a number out.

/** `bottoms`: where each block ends on the screen; `edge`: where the screen ends. A block counts when all of it could be seen. */
export function readTo(bottoms: number[], edge: number): number {
  if (bottoms.length === 0) return 0;
  const seen = bottoms.filter((bottom) => bottom <= edge).length;
  return Math.round((seen / bottoms.length) * 100);
}

/** The block to open at: the first that was not seen whole. At the start and at the end it is the top. */
export function placeOf(read: number, blocks: number): number | null {
  if (!isPart(read)) return null;
  const place = Math.round((read / 100) * blocks);
  return place > 0 && place < blocks ? place : null;
}

const isPart = (read: number): boolean => read >= 10 && read < 95;

/** In words, never as a number or a score. */
export function progressWords(read: number): 'begun' | 'half' | 'nearly' | 'read' | null {
  if (read >= 95) return 'read';
  if (!isPart(read)) return null;
  if (read < 40) return 'begun';
  return read <= 60 ? 'half' : 'nearly';
}
