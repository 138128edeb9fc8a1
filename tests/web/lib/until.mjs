import { setTimeout } from 'node:timers/promises';

const LIMIT = 90_000;

/** Asks again and again until it is so, with a breath in between for whoever is at work on it. */
export async function until(ask, isSo) {
  const began = Date.now();
  for (;;) {
    const answer = await ask();
    if (isSo(answer)) return answer;
    if (Date.now() - began > LIMIT) throw new Error(`It did not come true: ${isSo}. The last answer: ${JSON.stringify(answer)?.slice(0, 2_000)}`);
    await setTimeout(50);
  }
}
