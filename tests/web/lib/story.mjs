// A story: a world of its own, and nothing gone wrong unnoticed at its end.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launch } from './browser.mjs';
import { World } from './world.mjs';

const TOO_LONG = 120_000;

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

export function story(name, tell) {
  test(name, { timeout: TOO_LONG }, async () => {
    const world = await World.begin(browser);
    try {
      await tell(world);
      assert.deepEqual(world.troubles(), [], 'the browsers had nothing to complain of');
    } catch (error) {
      await world.picture(name);
      throw error;
    } finally {
      await world.end();
    }
  });
}
