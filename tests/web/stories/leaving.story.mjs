import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

/** How many rows of a person are left in each store, and what is kept of the phone itself. */
const left = (phone) =>
  phone.page.evaluate(async () => {
    const asked = (request) => new Promise((done, fail) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => fail(request.error) }));
    const db = await asked(indexedDB.open('companion'));
    const counts = {};
    for (const store of ['cache', 'outbox', 'requests', 'received', 'photos', 'keys', 'unreadable']) counts[store] = await asked(db.transaction(store).objectStore(store).count());
    const kept = await asked(db.transaction('kept').objectStore('kept').getAllKeys());
    db.close();
    return { rows: Object.values(counts).reduce((sum, n) => sum + n, 0), kept: kept.filter((key) => !['preferences', 'sealed'].includes(key)) };
  });

async function withThingsUnsent(world) {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.question('How has your mood been?').waitFor();
  await phone.loseSignal();
  await phone.load(`${world.provider.url}/#/check-in`);
  await phone.answer('How has your mood been?', 2);
  await phone.page.getByLabel('Anything you want to add?').fill('private words');
  await phone.press('Save my check-in');
  await phone.sees(/Saved on this phone/);
  return phone;
}

story('leaving: signing out says what would be lost, by kind and number, and leaves the crisis lines', async (world) => {
  const phone = await withThingsUnsent(world);
  await phone.load(`${world.provider.url}/#/sign-out`);
  await phone.sees('This is only on this phone. It has not been sent, and would be lost:');
  await phone.sees('One check-in');
  await phone.passes('sign-out-unsent');
  await phone.press('Sign out and delete');
  await phone.heading('Welcome');
  assert.deepEqual(await left(phone), { rows: 0, kept: ['provider'] });
  await phone.sees(/Ring 116 123/);
});

story('leaving: a phone that was taken off the list deletes what it has, and tells what was lost until it is read; any other no deletes nothing', async (world) => {
  const phone = await withThingsUnsent(world);
  const { page } = phone;
  const saying = (code) => async (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: JSON.stringify({ code, title: 'No.', status: 401 }) });
  phone.context.expect(/401/);
  // A server that was restored from before this phone joined knows nothing of it.
  await page.route('**/api/v1/me**', saying('unauthorised'));
  await page.route('**/api/v1/auth/refresh', saying('session_ended'));
  await phone.findSignal();
  await phone.look();
  await phone.load(`${world.provider.url}/#/`);
  await phone.heading('This phone is signed out');
  assert.ok((await left(phone)).rows > 5);

  // Asked again with a new session, it says that this very phone is off the list.
  await page.unroute('**/api/v1/auth/refresh');
  await page.route('**/api/v1/contact-requests/*', saying('device_revoked'));
  await page.evaluate(() => (location.hash = '#/contact'));
  await phone.press('Ask for contact');
  await phone.sees('Your provider has taken this phone off their list.');
  await phone.sees('This had not been sent yet, and is lost:');
  await phone.sees('One check-in');
  await phone.sees('One message about contact');
  assert.doesNotMatch(await page.content(), /private words/);
  await phone.passes('revoked-lost');
  assert.equal(await page.getByLabel('Your code').inputValue(), '', 'what stood in the address is no code');
  await page.reload();
  await phone.sees('One check-in');
  await phone.press('I have read this');
  await page.getByText('is lost').waitFor({ state: 'detached' });
  assert.deepEqual(await left(phone), { rows: 0, kept: ['provider'] });
  await page.reload();
  await phone.heading('Welcome');
  assert.doesNotMatch(await phone.text(), /is lost/);
  await phone.sees(/Ring 116 123/);
});
