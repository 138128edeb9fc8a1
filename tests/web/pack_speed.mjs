// How long somebody with a slow phone and no signal waits, in milliseconds: npm run speed [-- runs]
import { launch } from './lib/browser.mjs';
import { World } from './lib/world.mjs';

const SLOWER = 6;
const RUNS = Number(process.argv[2] ?? 20);

const browser = await launch();
const world = await World.begin(browser);
try {
  const phone = await world.phoneOf(await world.client('Rhian', [world.lead]));
  await phone.openPack();
  await phone.keptOnPhone();
  await world.provider.kill();
  await phone.loseSignal();

  const figures = { 'app start to the pack': [], 'tap to the first article': [], 'tap to the next article': [], 'first letter to what was found': [] };
  const note = (name, ms) => figures[name].push(ms);
  for (let run = 0; run < RUNS; run++) {
    await phone.page.close();
    phone.page = await phone.context.newPage();
    const devtools = await phone.context.newCDPSession(phone.page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

    await phone.load(`${world.provider.url}/#/pack`);
    note('app start to the pack', await untilSeen('.topics a'));
    note('first letter to what was found', await after(() => Object.assign(document.querySelector('#search'), { value: 'anxous' }).dispatchEvent(new Event('input', { bubbles: true })), 'section li .about'));

    await phone.load(`${world.provider.url}/#/topic/sleep`);
    await phone.heading('Sleep');
    note('tap to the first article', await after(() => document.querySelector('main a[href$="/sleep"]').click(), '.blocks p'));
    note('tap to the next article', await after(() => document.querySelector('.blocks a[href$="/awake-at-two"]').click(), '.blocks a[href="tel:116123"]'));
  }
  console.log(`CPU ${SLOWER} times slower, no signal, ${RUNS} runs, milliseconds`);
  for (const [name, all] of Object.entries(figures)) {
    all.sort((a, b) => a - b);
    console.log(`${name.padEnd(32)} median ${all[Math.floor(all.length / 2)].toFixed(0).padStart(5)}   worst ${all.at(-1).toFixed(0).padStart(5)}`);
  }

  /** Since the page was asked for, until this has been painted. */
  async function untilSeen(selector) {
    await phone.page.evaluate(inPage);
    return phone.page.evaluate((wanted) => window.painted(wanted), selector);
  }
  /** From an act in the page until this has been painted. */
  async function after(act, selector) {
    await phone.page.evaluate(inPage);
    return phone.page.evaluate(`(async () => { const start = performance.now(); (${act})(); return (await window.painted(${JSON.stringify(selector)})) - start; })()`);
  }
} finally {
  await world.end();
  await browser.close();
}

function inPage() {
  window.painted = (selector) =>
    new Promise((done) => {
      const look = () => (document.querySelector(selector)?.checkVisibility() ? requestAnimationFrame(() => setTimeout(() => done(performance.now()))) : requestAnimationFrame(look));
      look();
    });
}
