/** A store that does not answer holds nothing up longer than this: a lock, or the page that somebody asked for. */
const KEEPING = 1_000;

export const atMost = (work: Promise<unknown>, limit = KEEPING): Promise<unknown> => Promise.race([work, new Promise((done) => setTimeout(done, limit))]);
