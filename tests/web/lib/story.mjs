// A story: a world of its own, and nothing gone wrong unnoticed at its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { World } from './world.mjs';

/** Far longer than any of them takes, on a slow machine with other work too. */
const TOO_LONG = 360_000;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

export function story(name, tell) {
  test(name, { timeout: TOO_LONG + 60_000 }, async () => {
    const world = await World.begin(browser);
    // A story that waits for what never comes ends here, and its world with it: left to itself it would keep the run from ending.
    let limit;
    const tooLong = new Promise((_, fail) => (limit = setTimeout(() => fail(new Error(`not at its end after ${TOO_LONG / 1000} s`)), TOO_LONG)));
    try {
      await Promise.race([tell(world), tooLong]);
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
