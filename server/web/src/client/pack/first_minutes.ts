import type { Block } from '../../shared/wire-pack';

/** The first section of a text, "In the next five minutes", without its heading: what is wanted of it in a bad hour. */
export function firstMinutes(blocks: Block[]): Block[] {
  const first = blocks.findIndex((block) => block.kind === 'heading');
  const next = blocks.findIndex((block, place) => place > first && block.kind === 'heading' && block.level === 2);
  return first < 0 ? [] : blocks.slice(first + 1, next < 0 ? undefined : next);
}
