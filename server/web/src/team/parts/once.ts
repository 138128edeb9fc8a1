import { uuidv7 } from '../../shared/uuid';
import type { Uuid } from '../../shared/wire';

/** An id for what is sent: the same words keep theirs, so that sending them again is free, and other words get another. */
export function ids(): (body: unknown) => Uuid {
  let last = { words: '', id: '' };
  return (body) => {
    const words = JSON.stringify(body);
    if (last.words !== words) last = { words, id: uuidv7() };
    return last.id;
  };
}
