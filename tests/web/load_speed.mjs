// What the first and each later start of the client's app cost on a slow phone and a poor line: npm run load [-- runs]
import { launch, openContext, PHONE } from './lib/browser.mjs';
import { World } from './lib/world.mjs';

const SLOWER = 6;
const ROUND_TRIP = 400;
const RUNS = Number(process.argv[2] ?? 5);

const browser = await launch();
const world = await World.begin(browser);
const figures = new Map();
const note = (name, value) => figures.set(name, [...(figures.get(name) ?? []), value]);
try {
  const client = await world.client('Rhian', [world.lead]);
  for (let run = 0; run < RUNS; run++) {
    // A phone with nothing on it: until the code can be typed.
    const context = await openContext(browser, PHONE);
    const first = await slow(context);
    await first.page.goto(`${world.provider.url}/`);
    note('first start, usable, ms', await painted(first.page, '#app input'));
    note('first start, bytes until then', first.bytes());
    await first.page.evaluate(async () => void (await navigator.serviceWorker.ready));
    note('first start, bytes of the page once its worker is ready', first.bytes());

    // Joined, and everything is here.
    await first.page.goto((await world.invite(client)).url);
    await first.page.getByRole('button', { name: 'Join' }).click();
    await first.page.getByRole('heading', { level: 1, name: 'Welcome' }).waitFor({ state: 'hidden', timeout: 120_000 });
    await first.page.evaluate(() => (location.hash = '#/'));
    await first.page.getByRole('group', { name: 'How has your mood been?' }).waitFor({ timeout: 120_000 });
    await first.page.waitForTimeout(15_000);
    await first.page.close();

    const again = await slow(context);
    await again.page.goto(`${world.provider.url}/`);
    note('repeat start, usable, ms', await painted(again.page, 'fieldset input'));
    await again.page.waitForTimeout(6_000);
    note('repeat start, bytes, the talk with the server and all', again.bytes());
    await context.close();
  }
  console.log(`CPU ${SLOWER} times slower, ${ROUND_TRIP} ms round trips, ${RUNS} runs`);
  for (const [name, all] of figures) {
    all.sort((a, b) => a - b);
    console.log(`${name.padEnd(56)} median ${all[Math.floor(all.length / 2)].toFixed(0).padStart(7)}   worst ${all.at(-1).toFixed(0).padStart(7)}`);
  }
} finally {
  await world.end();
  await browser.close();
}

/** A page with a slow processor and a line on which everything takes its time; what came over it is counted, as it came. */
async function slow(context) {
  const page = await context.newPage();
  const devtools = await context.newCDPSession(page);
  let bytes = 0;
  await devtools.send('Network.enable');
  devtools.on('Network.loadingFinished', ({ encodedDataLength }) => (bytes += encodedDataLength));
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: ROUND_TRIP, downloadThroughput: 50_000, uploadThroughput: 20_000 });
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  return { page, bytes: () => bytes };
}

/** Since the page was asked for, until this has been painted. */
function painted(page, selector) {
  return page.evaluate(
    (wanted) =>
      new Promise((done) => {
        const look = () => (document.querySelector(wanted)?.checkVisibility() ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : requestAnimationFrame(look));
        look();
      }),
    selector,
  );
}
