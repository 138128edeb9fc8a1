// An invite code is often read aloud, to someone who is not at their best. Letters are given as words (the NATO alphabet,
// which radio and call centres share) and digits as words, in the groups in which the code is shown.

const LETTERS: Record<string, string> = {
  A: 'Alpha', B: 'Bravo', C: 'Charlie', D: 'Delta', E: 'Echo', F: 'Foxtrot', G: 'Golf', H: 'Hotel', I: 'India',
  J: 'Juliett', K: 'Kilo', L: 'Lima', M: 'Mike', N: 'November', O: 'Oscar', P: 'Papa', Q: 'Quebec', R: 'Romeo',
  S: 'Sierra', T: 'Tango', U: 'Uniform', V: 'Victor', W: 'Whisky', X: 'X-ray', Y: 'Yankee', Z: 'Zulu',
}
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

export type Spelled = { sign: string; word: string };

/** "K7M-4PQ" becomes two groups of {sign, word}. What is neither a letter nor a digit only separates groups. */
export function spell(code: string): Spelled[][] {
  return code
    .toUpperCase()
    .split(/[^A-Z0-9]+/)
    .filter((group) => group !== '')
    .map((group) => [...group].map((sign) => ({ sign, word: LETTERS[sign] ?? DIGITS[Number(sign)] ?? sign })));
}
