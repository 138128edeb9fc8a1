/** Of reads of one thing that overlap only the newest shows what it found; those before it show nothing, and are over when it is. */
export function newest<A extends unknown[], T>(read: (...asked: A) => Promise<T>, show: (found: T) => void): (...asked: A) => Promise<void> {
  let turn = 0;
  let last: Promise<void>;
  const go = async (own: number, asked: A) => {
    const found = await read(...asked);
    if (own !== turn) return last;
    show(found);
  };
  return (...asked) => (last = go(++turn, asked));
}
