// A worry on its way to "one small step". It lives for the one tap between the two pages.
let thing = '';

export const hand = (words: string): void => void (thing = words);
export function take(): string {
  const taken = thing;
  thing = '';
  return taken;
}
