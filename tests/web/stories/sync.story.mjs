// What a phone says is sent has arrived, once, whatever became of the phone and of the line. COMPANION_TEST_SCALE makes more of it, or
// COMPANION_TEST_TAPS says how many taps on a bad line.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { Line } from '../lib/line.mjs';
import { Phone } from '../lib/phone.mjs';
import { signIn } from '../lib/session.mjs';
import { SCALE, story, TOO_LONG } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

const MANY = SCALE > 1;
const KILLS = MANY ? 200 : 6;
const TAPS = Number(process.env.COMPANION_TEST_TAPS ?? (MANY ? 200 : 5));
const MOOD = 'How has your mood been?';

/** A phone at the end of a line of its own. */
async function phoneOn(world, client, profile) {
  const line = await Line.to(world.provider);
  const phone = profile ? await world.phoneWith(profile) : await world.phone();
  phone.provider = line.provider;
  phone.context.expect(/net::ERR_(?!BLOCKED)|Failed to load resource/);
  await phone.follow((await world.invite(client)).url.replace(world.provider.url, line.url));
  await phone.join(client.preferred_name);
  await phone.question(MOOD).waitFor();
  await phone.keptOnPhone();
  return { phone, line };
}

/** Taps as fast as a person may who has no patience: straight into the app's own page. */
async function checkInMany(phone, count) {
  for (let n = 0; n < count; n++) await phone.checkIn({ [MOOD]: 1 + (n % 7) }, `Note ${n}.`);
}
const waitingOn = (phone) =>
  phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const count = await new Promise((done) => (db.transaction('outbox').objectStore('outbox').count().onsuccess = (event) => done(event.target.result)));
    db.close();
    return count;
  });
/** What a worker was let in with lasts ten minutes. */
const letInAgain = async (world, worker) => (worker.token = (await signIn(world.provider.url, worker.email, world.password)).token);
const notes = async (dee, client) => (await dee.get(`/team/clients/${client.id}/check-ins?limit=200`)).items.map((one) => one.note).sort();
const expected = (count) => Array.from({ length: count }, (_, n) => `Note ${n}.`).sort();

story('sync: a phone that never heard that it joined joins with the same code, once', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const line = await Line.to(world.provider);
  const phone = await world.phone();
  try {
    phone.provider = line.provider;
    phone.context.expect(/net::ERR_|Failed to load resource/);
    await phone.follow((await world.invite(rhian)).url.replace(world.provider.url, line.url));
    // A browser asks once more by itself where a line breaks in the middle; a person does too.
    let claims = 0;
    line.fate = ({ path }) => (path.endsWith('/auth/claim') && ++claims <= 3 ? 'answer lost' : 'through');
    const past = phone.page.getByRole('link', { name: 'Straight to the app' });
    await until(async () => {
      await phone.page.getByRole('button', { name: 'Join' }).click({ timeout: 1_000 }).catch(() => undefined);
      return past.count();
    }, (shown) => shown === 1);
    assert.equal(claims, 4);
    assert.equal((await dee.get(`/team/clients/${rhian.id}/devices`)).items.length, 1);
  } finally {
    await line.end();
  }
});

story('sync: on a slow line that loses every other answer, everything arrives once, in few requests', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    await phone.loseSignal();
    await checkInMany(phone, 6);
    line.seen = [];
    let turn = 0;
    line.fate = ({ path }) => (path.includes('/me/sync') ? ['answer lost', 'lost', 400][turn++ % 3] : 400);
    await phone.findSignal();
    await until(() => waitingOn(phone), (left) => left === 0, 60_000);
    assert.deepEqual(await notes(dee, rhian), expected(6));
    // The six went together each time.
    assert.ok(line.seen.filter(({ path, body }) => path.includes('/me/sync') && body.length > 600).length <= 4, 'few requests');
    await phone.load(`${line.url}/#/my-check-ins`);
    await phone.sees(/^Received \d\d:\d\d$/);
  } finally {
    await line.end();
  }
});

story('sync: on a slow line that loses both ways each tap for contact is taken once, and called received only after', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  const chance = chanceFrom(Number(process.env.COMPANION_TEST_SEED ?? Date.now() % 2 ** 31));
  const badLine = () => Array.from({ length: chance(4) }, () => ['lost', 'answer lost'][chance(2)]);
  let bad = [];
  line.fate = ({ path }) => (/sync|contact-requests/.test(path) && bad.shift()) || 'through';
  line.slow = () => 50 + chance(400);
  /**
   * Shown on this page: when first. By then an answer of the server's had come back that was given after it had taken this: to the tap
   * itself or, where that answer was lost, to whatever was asked next.
   */
  const saidOnlyAfter = async (words, { received_at }) => {
    const said = await shownSince(phone, words);
    const answers = line.seen.filter(({ path, answered }) => answered >= Date.parse(received_at) && /sync|contact-requests/.test(path)).map(({ answered }) => answered);
    assert.ok(answers.some((at) => at <= said), `${words} was said at ${said}, taken at ${received_at}, and answered at ${answers}`);
  };
  try {
    for (let n = 0; n < TAPS; n++) {
      if (n % 50 === 49) await letInAgain(world, dee);
      bad = badLine();
      await phone.load(`${line.url}/#/`);
      await phone.heading(/, Rhian$/);
      await watchFor(phone, 'Reached Harbour Support');
      await phone.askForContact({ words: `Tap ${n}.` });
      await phone.learns('Reached Harbour Support');
      const open = (await dee.get('/team/contact-requests?state=open')).items;
      assert.deepEqual(open.map(({ taps, message }) => [taps, message]), [[1, `Tap ${n}.`]]);
      await saidOnlyAfter('Reached Harbour Support', open[0]);
      await dee.post(`/team/contact-requests/${open[0].id}/complete`);
      await phone.learns('Done');

      if (n % 4 > 0) continue;
      bad = badLine();
      await phone.load(`${line.url}/#/`);
      await phone.heading(/, Rhian$/);
      await watchFor(phone, 'Received ');
      await phone.checkIn({ [MOOD]: 1 + (n % 7) }, `Note ${n}.`);
      await until(() => phone.look().then(() => waitingOn(phone)), (left) => left === 0);
      await phone.sees(/Received \d\d:\d\d/);
      const made = (await dee.get(`/team/clients/${rhian.id}/check-ins`)).items.filter(({ note }) => note === `Note ${n}.`);
      assert.equal(made.length, 1);
      await saidOnlyAfter('Received ', made[0]);
    }
    assert.equal((await notes(dee, rhian)).length, Math.ceil(TAPS / 4));
  } finally {
    await line.end();
  }
}, Math.max(TOO_LONG, TAPS * 12_000));

/** Chance that comes again with its seed, which is said. */
function chanceFrom(seed) {
  console.log(`COMPANION_TEST_SEED=${seed}`);
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** The page writes down when it first shows these words, from now on. */
const watchFor = (phone, words) =>
  phone.page.evaluate((words) => {
    const shown = (window.shown ??= {});
    shown[words] = null;
    new MutationObserver((_, self) => {
      if (!document.querySelector('main')?.innerText.includes(words)) return;
      shown[words] = Date.now();
      self.disconnect();
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  }, words);
const shownSince = (phone, words) => phone.page.evaluate((words) => window.shown[words], words);

story('sync: with no signal the call comes first; when it comes the request goes alone, in less than a kilobyte', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    await phone.loseSignal();
    await checkInMany(phone, 2);
    await phone.openSheet();
    const order = await phone.page.evaluate(() => [...document.querySelectorAll('main a.btn[href^="tel:"], main button')].map((one) => one.textContent.trim().slice(0, 4)));
    assert.equal(order[0], 'Ring', 'the call stands before the button');
    await phone.press('Ask for contact');
    await phone.heading('You asked for contact');
    await phone.sees('This is saved on your phone. It has not reached Harbour Support yet. It keeps trying.');
    assert.doesNotMatch(await phone.text(), /\b[Ss]ent\b/);
    await phone.passes('client-contact-offline');
    line.seen = [];
    await phone.findSignal();
    await phone.rung('Reached Harbour Support');
    const [first] = line.seen.filter(({ path }) => path.includes('/me/sync'));
    assert.deepEqual(JSON.parse(first.body).operations.map(({ kind }) => kind), ['contact_request']);
    assert.ok(first.body.length < 600, `${first.body.length} bytes`);
    console.log(`request for contact: ${first.body.length} bytes, ${first.bytes} with all headers of the browser`);
  } finally {
    await line.end();
  }
});

story('sync: the browser is killed again and again while it sends, and nothing is lost or doubled', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const profile = await world.profile();
  let { phone, line } = await phoneOn(world, rhian, profile);
  try {
    line.fate = () => 40;
    for (let n = 0; n < KILLS; n++) {
      await phone.load(`${line.url}/#/check-in`);
      await phone.answer(MOOD, 1 + (n % 7));
      await phone.page.getByLabel('Anything you want to add?').fill(`Note ${n}.`);
      await phone.press('Save my check-in');
      await phone.heading('Thank you');
      // From before the request is made until long after its answer is worked in.
      await new Promise((later) => setTimeout(later, (n * 37) % 260));
      killed(profile);
      await phone.context.close().catch(() => {});
      phone = await world.phoneWith(profile);
      phone.provider = line.provider;
      phone.context.expect(/net::ERR_(?!BLOCKED)|Failed to load resource/);
    }
    await phone.load(`${line.url}/#/`);
    await until(() => waitingOn(phone), (left) => left === 0, 60_000);
    await letInAgain(world, dee);
    assert.deepEqual(await notes(dee, rhian), expected(KILLS));
  } finally {
    await line.end();
  }
}, Math.max(TOO_LONG, KILLS * 10_000));

/** The one process whose profile this is, by its id, as a phone kills an app; its children go with it. */
function killed(profile) {
  const lines = execFileSync('ps', ['-eo', 'pid,args']).toString().split('\n');
  const own = lines.find((line) => line.includes(`--user-data-dir=${profile}`) && !line.includes('--type='));
  process.kill(Number(own.trim().split(' ')[0]), 'SIGKILL');
}

story('sync: two tabs that save and send at the same time send each thing once, and know of each other’s', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    const tab = await phone.anotherTab();
    tab.provider = line.provider;
    await tab.load(`${line.url}/#/`);
    await tab.question(MOOD).waitFor();
    line.fate = () => 'lost';
    for (const [n, one] of [phone, tab, phone, tab].entries()) await one.checkIn({ [MOOD]: 3 }, `Note ${n}.`);
    await tab.askForContact();
    await phone.load(`${line.url}/#/not-sent`);
    await phone.sees('Contact');
    assert.equal(await waitingOn(phone), 5);

    // Each answer is lost once, so that both have reason to send everything again.
    let sent = 0;
    line.fate = ({ path }) => (/sync/.test(path) && ++sent <= 3 ? 'answer lost' : 'through');
    await Promise.all([phone.look(), tab.look()]);
    await until(() => waitingOn(phone), (left) => left === 0, 60_000);
    assert.deepEqual(await notes(dee, rhian), expected(4));
    const [request, ...more] = (await dee.get('/team/contact-requests?state=open')).items;
    assert.deepEqual([request.taps, more.length], [1, 0]);
    await phone.sees(/Nothing is waiting/);
    await tab.rung('Reached Harbour Support');
  } finally {
    await line.end();
  }
});

story('sync: an update with fifty things unsent forces nothing, says so in the other tab, and loses nothing', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    line.fate = () => 'lost';
    await phone.load(`${line.url}/#/my-check-ins`);
    await fiftyUnsent(phone);
    const tab = await phone.anotherTab();
    tab.provider = line.provider;
    await tab.load(`${line.url}/#/check-in`);
    await tab.page.getByLabel('Anything you want to add?').fill('Half written.');

    await phone.load(`${line.url}/#/contact`);
    await phone.page.getByLabel('A few words, if you want').fill('Could someone ring be');

    // The server has a newer app.
    line.files['/sw.js'] = (text) => `${text}\n// newer`;
    await phone.page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
    await phone.sees('A newer version of this app is ready. What you have typed is kept.');
    assert.equal(await tab.page.getByLabel('Anything you want to add?').inputValue(), 'Half written.');
    const anew = phone.page.waitForEvent('load');
    await phone.press('Use it now');
    await anew;
    await tab.sees('A newer version of this app is open in another tab.', { timeout: 20_000 });
    assert.equal(await tab.page.getByLabel('Anything you want to add?').inputValue(), 'Half written.');
    await phone.page.waitForFunction(() => document.querySelector('textarea')?.value === 'Could someone ring be');
    assert.equal(await waitingOn(phone), 50);

    line.fate = () => 'through';
    await phone.look();
    await until(() => waitingOn(phone), (left) => left === 0, 60_000);
    assert.equal((await dee.get(`/team/clients/${rhian.id}/check-ins?limit=200`)).items.length, 50);
    const again = tab.page.waitForEvent('load');
    await tab.press('Use it now');
    await again;
    await tab.page.waitForFunction(() => document.querySelector('textarea')?.value === 'Half written.');
  } finally {
    await line.end();
  }
});

/** Fifty check-ins as an app two versions back wrote them: in clear, and with nothing beside. This one takes them as they are. */
const fiftyUnsent = (phone) =>
  phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const own = await new Promise((done) => (db.transaction('kept').objectStore('kept').get('session').onsuccess = (event) => done(event.target.result)));
    const tx = db.transaction('outbox', 'readwrite');
    for (let n = 0; n < 50; n++) {
      const at = new Date(Date.now() - n * 60_000).toISOString();
      const id = `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`;
      tx.objectStore('outbox').put({ id, client_id: own.client_id, kind: 'check_in', target: null, body: { recorded_at: at, answers: [], note: `Note ${n}.` }, created_at: at, state: 'waiting', reason: null });
    }
    await new Promise((done) => (tx.oncomplete = done));
    db.close();
  });

story('sync: a service worker that answers everything wrongly is replaced from the server', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    line.fate = () => 'lost';
    await phone.checkIn({ [MOOD]: 4 }, 'Note 0.');
    // Broken for good: it answers each page with nothing, and would never let another one in by itself.
    line.files['/sw.js'] = () => `self.addEventListener('install', () => self.skipWaiting()); self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));
      self.addEventListener('fetch', (event) => event.respondWith(new Response('<p>nothing</p>', { headers: { 'Content-Type': 'text/html' } })));`;
    // Until it has taken the page on: a page that is asked for while a worker gives way to the next one now and then never comes, though
    // only where a driver holds on to the browser's workers (seen with plain ones of a few lines too, and never without a driver).
    await phone.page.evaluate(async () => {
      const taken = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
      await (await navigator.serviceWorker.getRegistration()).update();
      await taken;
    });
    await phone.keptOnPhone();
    await phone.page.goto(`${line.url}/`);
    assert.match(await phone.page.content(), /<p>nothing/);

    // The operator turns the switch; the person does no more than open the app. A browser looks for a newer worker a moment after a page has come.
    const replacement = await (await fetch(`${world.provider.url}/sw-replace.js`)).text();
    line.files['/sw.js'] = () => replacement;
    line.fate = () => 'through';
    phone.context.expect(/./);
    await phone.page.goto(`${line.url}/`);
    await phone.page.getByRole('heading', { name: /Rhian$/ }).waitFor({ timeout: 60_000 });
    await until(() => waitingOn(phone), (left) => left === 0, 60_000);
    assert.deepEqual(await notes(dee, rhian), ['Note 0.']);
  } finally {
    await line.end();
  }
});

story('sync: an app two versions back sends by the single routes, as it always did', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const device = await world.deviceOf(rhian);
  const at = new Date().toISOString();
  await device.put('/me/check-ins/019ab000-0000-7000-8000-000000000001', { recorded_at: at, answers: [], note: 'From long ago.' });
  await device.put('/me/contact-requests/019ab000-0000-7000-8000-000000000002', { requested_at: at, when: 'now', how: 'call' });
  await device.post('/me/contact-requests/019ab000-0000-7000-8000-000000000002/additions', { id: '019ab000-0000-7000-8000-000000000003', message: 'Please.' });
  assert.deepEqual(await notes(dee, rhian), ['From long ago.']);
  const [request] = (await dee.get(`/team/clients/${rhian.id}/contact-requests`)).items;
  assert.equal(request.additions.length, 1);
});

story('sync: what the server will not take is said, with why, and stands in nobody’s way', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { phone, line } = await phoneOn(world, rhian);
  try {
    await phone.loseSignal();
    await fromAnotherTime(phone);
    await phone.checkIn({ [MOOD]: 4 }, 'Note 0.');
    await phone.findSignal();
    await until(() => notes(dee, rhian), (all) => all.length === 1);
    assert.deepEqual(await notes(dee, rhian), ['Note 0.']);

    await phone.sees('One thing could not be sent. It is safe on this phone.');
    await phone.page.getByRole('link', { name: 'See what and why' }).click();
    await phone.heading('Not sent yet');
    await phone.sees('Words that must not be lost.');
    await phone.sees(/Harbour Support’s computer would not take this: \S/);
    await phone.passes('client-not-sent');
    await phone.inTheDark(() => phone.passes('client-not-sent-dark'));
    await phone.press(/^Take it off this phone/);
    await phone.sees('It is then gone, and Harbour Support never gets it.');
    await phone.press('Yes, take it off');
    await phone.sees('Taken off this phone.');
    await phone.sees('Nothing is waiting to be sent.');
    await phone.gone('could not be sent');

    // Of a request for contact that was refused nobody hears unless the person does: it is said on each page, until it is taken back.
    await refusedRequest(phone);
    for (const place of ['', 'me', 'check-in']) {
      await phone.load('about:blank');
      await phone.load(`${line.url}/#/${place}`);
      await phone.sees('This did not get through. Please ring.');
    }
    await phone.load(`${line.url}/#/not-sent`);
    await phone.press(/^Take it off this phone/);
    await phone.press('Yes, take it off');
    await phone.sees('Taken off this phone.');
    await phone.load(`${line.url}/#/`);
    await phone.heading(/, Rhian$/);
    assert.doesNotMatch(await phone.text(), /did not get through|Please ring/);
  } finally {
    await line.end();
  }
});

/** A request for contact that an app before this one was told would not be taken. */
const refusedRequest = (phone) =>
  phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const own = await new Promise((done) => (db.transaction('kept').objectStore('kept').get('session').onsuccess = (event) => done(event.target.result)));
    const at = new Date(Date.now() - 60_000).toISOString();
    const one = { id: '019ab000-0000-7000-8000-000000000002', client_id: own.client_id, body: { requested_at: at, when: 'now', how: 'call' } };
    const tx = db.transaction(['outbox', 'requests'], 'readwrite');
    tx.objectStore('outbox').put({ ...one, kind: 'contact_request', target: null, created_at: at, state: 'refused', reason: 'The words are too long.' });
    tx.objectStore('requests').put({ ...one, answer: null, by_key: null, heard_at: null });
    await new Promise((done) => (tx.oncomplete = done));
    db.close();
  });

/** A check-in with an answer to a question that nobody ever asked. */
const fromAnotherTime = (phone) =>
  phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const own = await new Promise((done) => (db.transaction('kept').objectStore('kept').get('session').onsuccess = (event) => done(event.target.result)));
    const at = new Date(Date.now() - 60_000).toISOString();
    const body = { recorded_at: at, answers: [{ item_id: '019ab000-0000-7000-8000-00000000ffff', value: 3 }], note: 'Words that must not be lost.' };
    const tx = db.transaction('outbox', 'readwrite');
    tx.objectStore('outbox').put({ id: '019ab000-0000-7000-8000-000000000001', client_id: own.client_id, kind: 'check_in', target: null, body, created_at: at, state: 'waiting', reason: null });
    await new Promise((done) => (tx.oncomplete = done));
    db.close();
  });
