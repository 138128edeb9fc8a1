// A story: a world of its own, and nothing gone wrong unnoticed at its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { World } from './world.mjs';

/** Far longer than any of them takes, on a slow machine with other work too. */
export const TOO_LONG = 360_000;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

/** `tooLong`: of one that is told many times over. */
export function story(name, tell, tooLong = TOO_LONG) {
  test(name, { timeout: tooLong + 60_000 }, async () => {
    const world = await World.begin(browser);
    // A story that waits for what never comes ends here, and its world with it: left to itself it would keep the run from ending.
    let limit;
    const late = new Promise((_, fail) => (limit = setTimeout(() => fail(new Error(`not at its end after ${tooLong / 1000} s`)), tooLong)));
    try {
      await Promise.race([tell(world), late]);
      assert.deepEqual(world.troubles(), [], 'the browsers had nothing to complain of');
    } catch (error) {
      await world.picture(name);
      throw error;
    } finally {
      clearTimeout(limit);
      await world.end();
    }
  });
}

/** Times as many in soak: what takes long and seldom finds anything is told only there. */
export const SCALE = Number(process.env.COMPANION_TEST_SCALE ?? 1);
export const storyInSoak = (name, tell) => SCALE > 1 && story(name, tell);
