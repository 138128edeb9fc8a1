/** For looking something up: without accents and capitals, so that "sian" finds Siân, and with one kind of apostrophe. */
export const plain = (words: string): string => words.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('’', "'").toLowerCase();
