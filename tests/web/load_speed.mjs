// What the first and each later start of the client's app cost on a slow phone and a poor line: npm run load [-- runs]
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launch, openProfile, PHONE } from './lib/browser.mjs';
import { openBrowser } from './lib/devtools.mjs';
import { World } from './lib/world.mjs';

const SLOWER = 6;
const ROUND_TRIP = 400;
const RUNS = Number(process.argv[2] ?? 10);

const browser = await launch();
const world = await World.begin(browser);
const folder = mkdtempSync(join(tmpdir(), 'companion-load-'));
const figures = new Map();
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);
const url = `${world.provider.url}/`;
const later = (seconds) => new Promise((done) => setTimeout(done, seconds * 1_000));
try {
  // A phone with nothing on it: until the code can be typed.
  for (let run = 0; run < RUNS; run++) {
    const phone = await openBrowser(join(folder, `new-${run}`));
    const { page, bytes } = await slow(phone);
    note('first start, usable, ms', await page.run(painted, '#app input'));
    note('first start, bytes until then', bytes());
    await page.run(async () => void (await navigator.serviceWorker.ready));
    note('first start, bytes of the page once its worker is ready', bytes());
    await phone.close();
  }

  // One on which somebody has joined, and everything is here.
  const home = join(folder, 'joined');
  const joining = await openProfile(home, PHONE);
  const first = await joining.newPage();
  await first.goto((await world.invite(await world.client('Rhian', [world.lead]))).url);
  await first.getByRole('button', { name: 'Join' }).click();
  await first.getByRole('heading', { level: 1, name: 'Welcome' }).waitFor({ state: 'hidden', timeout: 120_000 });
  await first.evaluate(() => (location.hash = '#/'));
  await first.getByRole('group', { name: 'How has your mood been?' }).waitFor({ timeout: 120_000 });
  await later(10);
  await joining.close();

  const phone = await openBrowser(home);
  for (let run = 0; run < RUNS; run++) {
    const { page, bytes } = await slow(phone);
    note(run === 0 ? 'start after the phone itself was, usable, ms' : 'repeat start, usable, ms', await page.run(painted, 'fieldset input'));
    await later(6);
    note('repeat start, bytes, the talk with the server and all', bytes());
    await page.close();
    await later(1);
  }
  await phone.close();

  console.log(`CPU ${SLOWER} times slower, ${ROUND_TRIP} ms round trips, ${RUNS} runs`);
  for (const [name, all] of figures) {
    all.sort((a, b) => a - b);
    const at = (share) => all[Math.floor((all.length - 1) * share)].toFixed(0).padStart(7);
    console.log(`${name.padEnd(56)} best ${at(0)}   median ${at(0.5)}   worst ${at(1)}`);
  }
} finally {
  await world.end();
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** A page with a slow processor and a line on which everything takes its time; what came over it is counted, as it came. */
async function slow(phone) {
  let bytes = 0;
  const page = await phone.open(url, async (ask, listen) => {
    listen('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
    await ask('Network.enable');
    await ask('Network.emulateNetworkConditions', { offline: false, latency: ROUND_TRIP, downloadThroughput: 50_000, uploadThroughput: 20_000 });
    await ask('Emulation.setDeviceMetricsOverride', { width: 360, height: 740, deviceScaleFactor: 2, mobile: true });
    await ask('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  });
  return { page, bytes: () => bytes };
}

/** Since the page was asked for, until this has been painted. Runs in the page. */
function painted(wanted) {
  return new Promise((done) => {
    const look = () => {
      if (!document.querySelector(wanted)?.checkVisibility()) return false;
      requestAnimationFrame(() => setTimeout(() => done(performance.now())));
      return true;
    };
    if (!look()) new MutationObserver((_, watching) => look() && watching.disconnect()).observe(document, { childList: true, subtree: true });
  });
}
