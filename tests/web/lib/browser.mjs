// Chromium from the PATH, and an ear for everything that goes wrong in it.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright-core';

export const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

export const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };
export const DESK = { viewport: { width: 1280, height: 800 } };
const PERSON = { locale: 'en-GB', timezoneId: 'Europe/London' };

export const launch = () => chromium.launch({ executablePath: chromiumInPath(), args: FLAGS });

/** A browser with a profile on disk, as a phone has it: closed and opened again, it remembers. */
export const openProfile = (folder, screen) =>
  chromium.launchPersistentContext(folder, { executablePath: chromiumInPath(), args: FLAGS, headless: true, ...PERSON, ...screen }).then(listen);

export const openContext = async (browser, screen) => listen(await browser.newContext({ ...PERSON, ...screen }));

/**
 * Collects what the browser complains of: errors of the app, files that did not come, a broken content security policy.
 * `context.expect(/words/)` says which complaint belongs to the story.
 */
function listen(context) {
  // Nobody waits this long on a quiet machine; one that is busy with other things is slow, not wrong.
  context.setDefaultTimeout(30_000);
  const troubles = [];
  const expected = [];
  context.troubles = () => troubles.filter((trouble) => !expected.some((words) => words.test(trouble)));
  context.expect = (words) => expected.push(words);
  context.on('console', (message) => {
    // Svelte noticed that something was read for a view that has just gone; nobody sees what was read.
    if (message.text().includes('svelte.dev/e/derived_inert')) return;
    if (['error', 'warning'].includes(message.type())) troubles.push(`${message.type()}: ${message.text()} (${message.location().url})`);
  });
  context.on('weberror', (error) => troubles.push(`uncaught: ${error.error().stack ?? error.error()}`));
  return context;
}

export function chromiumInPath() {
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  for (const folder of (process.env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        // Not here; the next one.
      }
    }
  }
  throw new Error('Chromium is not in the PATH. On Debian: apt-get install chromium');
}
