import assert from 'node:assert/strict';
import { filesWith } from '../lib/canary.mjs';
import { story } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

const PIN = 'blue7bird';

/** Each in a field of its own, and in no other place in the world. */
const CANARIES = {
  note: 'heronlake checkin', contact: 'otterford asked', more: 'wrenhill added', sign: 'curlewbay sign', title: 'puffinrock title', own: 'lapwingmoor words',
  line: 'kestrelwood plan', letter: 'swiftgate letter', half: 'martinvale half', locked: 'linnetfield locked', unsaid: 'plovercote unsaid',
  flag: 'siskinbank flag', reminder: 'dotterelcrag reminder', reason: 'whimbrelsands reason', search: 'avocetmere search', begun: 'fieldfarelane begun', reach: 'dunlinshore reach',
  needs: 'gannetstack needs', language: 'razorbillholm language',
};

story('lock: nothing that was typed can be read in any file of a locked phone, in its history or in what the server writes down', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  const addresses = [];
  await phone.follow((await world.invite(rhian)).url);
  phone.page.on('request', (request) => addresses.push(request.url()));
  await phone.join('Rhian');
  await phone.question('How has your mood been?').waitFor();
  await phone.lockWithPin(PIN);

  // A life's words, in every place for them.
  await phone.checkIn({ 'How has your mood been?': 2 }, CANARIES.note);
  await phone.askForContact({ words: CANARIES.contact });
  await phone.page.getByLabel('Add a few words').fill(CANARIES.more);
  await phone.press('Add');
  await phone.sees(CANARIES.more);
  await phone.addNote(CANARIES.title, CANARIES.own);
  await phone.load(`${provider.url}/#/`);
  await phone.page.getByRole('link', { name: 'See what and why' }).click();
  await phone.page.getByLabel('I’m not sure').check();
  await phone.page.getByLabel('A few words, if you want').fill(CANARIES.flag);
  await phone.press('Save my answer');
  await phone.sees(new RegExp(CANARIES.flag));
  await phone.load(`${provider.url}/#/reminder/new`);
  await phone.page.getByLabel('What shall it say?').fill(CANARIES.reminder);
  await phone.page.getByLabel('Time 1').fill('21:30');
  await phone.press('Save');
  await phone.heading('Saved');
  await phone.load(`${provider.url}/#/reminders`);
  const next = phone.page.locator('h3 + ul > li').first();
  await next.locator('summary').click();
  await phone.press(/^Done/, next);
  await phone.press(/^Say why/, next);
  await next.getByLabel('Why, if you like').fill(CANARIES.reason);
  await phone.press('Keep', next);
  await next.getByText(CANARIES.reason).waitFor();
  await phone.openPack();
  await phone.page.getByLabel('Search your pack').fill(CANARIES.search);
  await phone.readNamed('letter-to-myself');
  await phone.heading('A letter for a bad day, from you');
  await phone.press('One question at a time').catch(() => phone.page.getByText('One question at a time').click());
  await phone.page.getByLabel(/What is a bad day like/).fill(CANARIES.letter);
  await phone.load(`${provider.url}/#/me`);
  await phone.press('Add a sign');
  await phone.page.getByLabel('Sign 1').fill(CANARIES.sign);
  await phone.press('Save changes');
  await phone.sees('Saved with Harbour Support.');
  await phone.load(`${provider.url}/#/reach`);
  await phone.page.locator('#words').fill(CANARIES.reach);
  await phone.load(`${provider.url}/#/needs`);
  await phone.page.getByLabel(/interpreter/i).check();
  await phone.page.locator('#interpreter').fill(CANARIES.language);
  await phone.page.locator('#needs-words').fill(CANARIES.needs);
  await phone.press('Save');
  await phone.sees(/Saved/);
  // With no signal: what waits to be sent, and what is half written.
  await phone.loseSignal();
  await phone.load(`${provider.url}/#/plan-change/stages`);
  await phone.page.getByText('Lines to begin with').click();
  await phone.press('A bit wobbly');
  await phone.page.getByRole('link', { name: /^A bit wobbly/ }).click();
  await phone.press('Write something here', phone.part('What I do'));
  await phone.page.getByLabel('In your own words').fill(CANARIES.line);
  await phone.page.keyboard.press('Enter');
  await phone.part('What I do').getByRole('button', { name: CANARIES.line }).waitFor();
  await phone.load(`${provider.url}/#/check-in`);
  await phone.page.getByLabel('Anything you want to add?').fill(CANARIES.half);
  await phone.load(`${provider.url}/#/add/note`);
  await phone.page.getByLabel('Your words').fill(CANARIES.begun);
  await phone.load(`${provider.url}/#/contact`);
  await phone.page.getByLabel('A few words, if you want').fill(CANARIES.unsaid);

  // Locked, and asked for from in front of the lock. Then the phone is switched off.
  await phone.load(`${provider.url}/#/lock`);
  await phone.press('Lock it now');
  await phone.heading('Locked');
  await phone.openSheet();
  await phone.page.getByLabel('A few words, if you want').fill(CANARIES.locked);
  await phone.press('Ask for contact');
  await phone.sees(/You asked today/);
  assert.doesNotMatch(await phone.page.content(), new RegExp(Object.values(CANARIES).join('|')), 'nothing of it is on the locked page');
  const shown = await phone.page.evaluate(() => [document.title, location.href]);
  await phone.context.close();

  assert.deepEqual(await filesWith(profile, Object.values(CANARIES)), [], 'no file of the browser has any of it');
  assert.deepEqual(await filesWith(provider.folder, Object.values(CANARIES)), [], 'nor any of the server’s');
  assert.ok(![...addresses, ...shown].some((one) => Object.values(CANARIES).some((words) => decodeURIComponent(one).includes(words))), 'no address or title');
  // The search is able to find: what must stand open is there.
  assert.notDeepEqual(await filesWith(profile, ['01632 960 000']), []);

  // All of it is there for whoever has the PIN, and arrives.
  phone = await world.phoneWith(profile);
  await phone.open();
  await phone.unlock(PIN);
  await phone.heading(/, Rhian$/);
  await phone.load(`${provider.url}/#/check-in`);
  await phone.page.waitForFunction((half) => document.querySelector('#note')?.value === half, CANARIES.half);
  const arrived = await until(() => dee.get('/team/contact-requests?state=open'), ({ items }) => items.some((one) => one.additions?.some(({ message }) => message === CANARIES.locked) || one.message === CANARIES.locked));
  assert.ok(arrived);
});

// The phone's own unlocking: a finger that the browser plays for us. An address of numbers can have none, so this phone goes by the name.
story('lock: the way this phone is unlocked, where the browser can', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phone();
  const home = world.provider.url.replace('127.0.0.1', 'localhost');
  await phone.load((await world.invite(rhian)).url.replace('127.0.0.1', 'localhost'));
  await phone.join('Rhian');
  await phone.load(`${home}/#/lock`);
  await phone.heading('Lock this app');
  assert.equal(await phone.page.getByRole('button', { name: 'Lock it the way I unlock this phone' }).count(), 0, 'not offered where the phone cannot');
  const devtools = await phone.context.newCDPSession(phone.page);
  await devtools.send('WebAuthn.enable');
  const options = { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, hasPrf: true };
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', { options });
  await phone.page.reload();
  await phone.press('Lock it the way I unlock this phone');
  await phone.sees('The lock is on.');
  await phone.press('Lock it now');
  await phone.heading('Locked');
  await phone.passes('locked-device');
  await phone.press('Open with this phone');
  await phone.heading('On this phone');
  await phone.press('Turn the lock off');
  await phone.sees('The lock is off.');
  await phone.page.reload();

  // Once more, and then it is another's finger.
  await phone.press('Lock it the way I unlock this phone');
  await phone.sees('The lock is on.');
  await devtools.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await phone.page.reload();
  await phone.press('Open with this phone');
  await phone.sees('That did not work. You can try again.');
  await phone.heading('Locked');
});

story('lock: help and asking for contact stand in front of it, and what is asked for goes while it is locked', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.keptOnPhone();
  await phone.lockWithPin(PIN);
  await phone.passes('lock-settings-on');
  await phone.page.reload();
  await phone.heading('Locked');
  assert.doesNotMatch(await phone.text(), /Harbour|Rhian|Dee/);
  for (const place of ['today', 'plan', 'pack', 'me', 'my-check-ins', 'contact/latest', 'lock']) {
    await phone.load(`${provider.url}/#/${place}`);
    if (place !== 'contact/latest') await phone.heading('Locked');
    assert.doesNotMatch(await phone.text(), /Rhian|Dee/, place);
  }
  await phone.load(`${provider.url}/#/`);
  await phone.heading('Locked');
  await phone.passes('locked');
  await phone.inTheDark(() => phone.passes('locked-dark'));
  await phone.go('Help');
  await phone.sees(/Ring 116 123/);
  await phone.sees(/Ring 111/);

  await phone.loseSignal();
  await phone.page.reload();
  await phone.openSheet();
  await phone.page.getByLabel('A few words, if you want').fill('I am on the stairs.');
  await phone.press('Ask for contact');
  await phone.sees(/It has not reached your support team yet/);
  await phone.gone('I am on the stairs.');
  assert.equal(await phone.page.getByLabel('A few words, if you want').inputValue(), '');
  await phone.passes('locked-contact');
  await phone.inTheDark(() => phone.passes('locked-contact-dark'));
  await phone.findSignal();
  const arrived = () => dee.get('/team/contact-requests?state=open');
  const { items } = await until(arrived, ({ items }) => items.length === 1);
  assert.equal(items[0].message, 'I am on the stairs.');
  await phone.sees(/Nobody has seen this yet/);
  await dee.post(`/team/contact-requests/${items[0].id}/acknowledge`, {});
  await phone.look();
  await phone.sees(/Someone.* has seen this/i);

  // A wrong PIN says so, and deletes nothing. With the right one it is the person's own request again, with its words.
  await phone.go('Today');
  await phone.unlock('wrong');
  await phone.sees('That was not right. Nothing has changed.');
  await phone.unlock(PIN);
  await phone.heading(/, Rhian$/);
  await phone.load(`${provider.url}/#/contact/latest`);
  await phone.heading('You asked for contact');
  await phone.sees('I am on the stairs.');
  assert.equal((await arrived()).items.length, 1, 'once');
});

story('lock: it comes by itself after its time in the background, and other tabs stand before it too', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  const tab = await phone.anotherTab();
  await tab.load(`${phone.provider.url}/#/`);
  await tab.heading(/, Rhian$/);
  await phone.lockWithPin(PIN);
  await tab.heading('Locked');
  const hide = (state) =>
    phone.page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    }, state);
  await phone.page.clock.install();
  await hide('hidden');
  assert.equal(await phone.page.evaluate(() => getComputedStyle(document.querySelector('#app')).opacity), '0', 'the list of open apps shows nothing');
  await phone.page.clock.fastForward(30_000);
  await hide('visible');
  assert.equal(await phone.page.evaluate(() => getComputedStyle(document.querySelector('#app')).opacity), '1');
  // What is half typed is there again after unlocking, and for nobody else.
  await phone.page.evaluate(() => (location.hash = '#/needs'));
  await phone.page.locator('#needs-words').fill('Tell me first what it is ab');
  await hide('hidden');
  await phone.page.clock.fastForward(61_000);
  await phone.heading('Locked');
  assert.equal(await phone.page.locator('#needs-words').count(), 0);
  await phone.unlock(PIN);
  await phone.page.waitForFunction(() => document.querySelector('#needs-words')?.value === 'Tell me first what it is ab');
});

story('lock: a forgotten PIN loses only what it says, by kind and number, and the crisis lines stay', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.question('How has your mood been?').waitFor();
  await phone.lockWithPin(PIN);
  await phone.loseSignal();
  await phone.load(`${provider.url}/#/check-in`);
  await phone.answer('How has your mood been?', 2);
  await phone.press('Save my check-in');
  await phone.sees(/Saved on this phone/);
  await phone.page.reload();
  await phone.page.getByRole('link', { name: 'I can’t open it' }).click();
  await phone.sees('One check-in');
  await phone.passes('locked-forgotten');
  await phone.press('Sign out and delete');
  await phone.sees(/Ring 116 123/);
  const left = await phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const count = (store) => new Promise((done) => (db.transaction(store).objectStore(store).count().onsuccess = (event) => done(event.target.result)));
    return Promise.all(['cache', 'outbox', 'requests', 'received', 'photos', 'keys'].map(count));
  });
  assert.deepEqual(left, [0, 0, 0, 0, 0, 0]);
});

story('lock: a request that was on its way when it was locked goes out of the locked phone, and is known as received when it is opened with no signal', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.keptOnPhone();
  await phone.lockWithPin(PIN);
  await phone.loseSignal();
  await phone.askForContact({ words: 'Please ring.' });
  await phone.sees(/Not with Harbour Support yet/);
  await phone.page.reload();
  await phone.heading('Ask for contact');
  await phone.sees('One thing you asked for before is still on its way.');
  await phone.findSignal();
  await until(() => dee.get('/team/contact-requests?state=open'), ({ items }) => items.length === 1);
  await phone.gone('One thing you asked for before is still on its way.');
  await phone.loseSignal();
  await phone.go('Today');
  await phone.unlock(PIN);
  await phone.load(`${provider.url}/#/contact/latest`);
  await phone.heading('You asked for contact');
  await phone.sees(/Reached Harbour Support/);
  assert.doesNotMatch(await phone.text(), /Not with Harbour/);
});

story('lock: a request that the server would not take says so in front of the lock too, and to ring', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.keptOnPhone();
  await phone.lockWithPin(PIN);
  await phone.loseSignal();
  await phone.askForContact({ words: 'Please ring.' });
  await phone.sees(/Not with Harbour Support yet/);
  await phone.page.reload();
  await phone.heading('Ask for contact');
  phone.context.expect(/409/);
  const refusal = { status: 409, contentType: 'application/problem+json', body: JSON.stringify({ code: 'id_used', title: 'This id is taken.', status: 409 }) };
  await phone.page.route('**/api/v1/contact-requests/*', (route) => route.fulfill(refusal));
  await phone.findSignal();
  await phone.sees('One thing you asked for before could not be sent. Please ring.');
  await phone.passes('locked-refused');
});
