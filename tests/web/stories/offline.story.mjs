import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('offline: help is there before anyone has joined, and after a restart', async (world) => {
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.open();
  await phone.sees(/Ring 01632 960 000/);
  await phone.stored(/01632 960 000/, { store: 'kept' });
  await phone.keptOnPhone();
  await world.provider.kill();
  await phone.loseSignal();
  await phone.context.close();

  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.open();
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);
  await phone.go('Help');
  await phone.heading('Help now');
  await phone.sees(/Ring 111/);
  await phone.sees(/Ring 116 123/);
  // Joining cannot work now, and says so without losing the code.
  await phone.go('Welcome');
  await phone.page.getByLabel('Your code').fill('ABC-DEF-GHJ');
  await phone.press('Join');
  await phone.sees('We could not reach Harbour Support. Nothing is lost. Try again when you have signal.');
  assert.equal(await phone.page.getByLabel('Your code').inputValue(), 'ABC-DEF-GHJ');
});

story('offline: what is saved survives a restart, and arrives exactly once', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.question('How has your mood been?').waitFor();
  await phone.keptOnPhone();
  // A page may be loaded past the worker, as by a start that meets it while it comes to life. It is taken on all the same.
  const devtools = await phone.context.newCDPSession(phone.page);
  await Promise.all([phone.page.waitForEvent('load'), devtools.send('Page.reload', { ignoreCache: true })]);
  assert.equal(await phone.page.evaluate(() => performance.getEntriesByType('navigation')[0].workerStart), 0, 'it came past the worker');
  await phone.keptOnPhone();

  // The server dies and the signal goes. A cold start and a reload both work.
  await provider.kill();
  await phone.loseSignal();
  await phone.page.close();
  phone.page = await phone.context.newPage();
  await phone.open();
  await phone.question('How has your mood been?').waitFor();
  await phone.page.reload();
  await phone.sees('No signal right now. What you save stays on this phone until it can go.');

  await phone.load(`${provider.url}/#/check-in`);
  await phone.answer('How has your mood been?', 1);
  await phone.sees('That sounds very hard.');
  await phone.page.getByLabel('Anything you want to add?').fill('A rough night.');
  await phone.press('Save my check-in');
  await phone.sees('Saved on this phone. It will go when you have signal.');
  await phone.openSheet();
  await phone.sees('There is no signal right now, so this cannot go yet. A call may still work.');
  await phone.press('Ask for contact');
  await phone.sees('This is saved on your phone. It has not reached Harbour Support yet.');
  await phone.rung('Not with Harbour Support yet. It will go when you have signal.');
  assert.ok(!(await phone.ladder()).some((line) => line.startsWith('Reached')), 'nothing claims to have arrived');

  // The phone is switched off and on, still with no signal. Both are there, in two tabs.
  await phone.context.close();
  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.open();
  await phone.sees('You asked for contact');
  const tab = await phone.anotherTab();
  await tab.load(`${provider.url}/#/my-check-ins`);
  await tab.sees('Saved on this phone. Not sent yet.');
  await tab.sees('A rough night.');

  // Signal comes back to both tabs at once.
  await provider.start();
  await phone.signalIsBack();
  await tab.gone('Not sent yet');
  await phone.page.getByRole('link', { name: 'See how it stands' }).click();
  await phone.rung('Reached Harbour Support');
  await tab.load(`${provider.url}/#/`);
  await tab.sees('You asked for contact');

  const checkIns = (await dee.get(`/team/clients/${rhian.id}/check-ins`)).items;
  assert.deepEqual(checkIns.map((one) => one.note), ['A rough night.']);
  const requests = (await dee.get(`/team/clients/${rhian.id}/contact-requests`)).items;
  assert.deepEqual(requests.map((one) => one.taps), [1]);

  // One more from each tab, and each arrives once. There is one half-filled check-in on a phone, so the second begins when the first is done.
  await phone.checkIn({ 'How has your mood been?': 4 });
  await phone.sees(/Harbour Support has it/);
  await tab.page.reload();
  await tab.checkIn({ 'How has your mood been?': 5 });
  await tab.sees(/Harbour Support has it/);
  assert.equal((await dee.get(`/team/clients/${rhian.id}/check-ins`)).items.length, 3);
});

story('offline: signing out deletes what is personal, and leaves the ways to get help', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.checkIn({ 'How has your mood been?': 4 }, 'Only for now.');
  await phone.sees(/Harbour Support has it/);
  await phone.keptOnPhone();
  await phone.loseSignal();
  await phone.checkIn({ 'How has your mood been?': 3 });
  await phone.go('Me');
  await phone.page.getByRole('link', { name: 'Sign out of this phone' }).click();
  await phone.sees(/It has not been sent, and would be lost:/);
  await phone.press('Sign out and delete');
  await phone.heading('Welcome');

  await phone.page.reload();
  await phone.heading('Welcome');
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);
  const left = await phone.page.evaluate(async () => {
    const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
    const all = (store) => new Promise((done) => (db.transaction(store).objectStore(store).getAll().onsuccess = (event) => done(event.target.result)));
    return JSON.stringify(await Promise.all([...db.objectStoreNames].map(all)));
  });
  for (const word of ['Rhian', 'Only for now', 'contact_key', 'refresh_token']) assert.ok(!left.includes(word), `${word} is not left on the phone`);
});
