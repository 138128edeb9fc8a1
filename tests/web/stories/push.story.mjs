import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { deliver, givePushService, notifications, notified, PushService, timesAsked, touch } from '../lib/push.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

let service;
before(async () => (service = await PushService.begin()));
after(() => service.end());

/** A phone that has joined, in a browser with a push service of its own. */
async function phoneOf(world, client, says = 'granted') {
  const phone = await world.phone();
  const address = `${service.url}${uuidv7()}-`;
  const keys = await givePushService(phone.context, { endpoint: address, says });
  await phone.follow((await world.invite(client)).url);
  await phone.join(client.preferred_name);
  await phone.keptOnPhone();
  return { phone, address, arrives: () => arrives(phone, keys, address) };
}

/** What the server sends next arrives on the device it is for, as the browser would bring it. */
async function arrives(screen, keys, address) {
  const message = await service.next(address);
  const text = keys.open(message.body);
  await deliver(screen, text);
  return { text, payload: JSON.parse(text), headers: message.headers };
}

async function makeReminder(phone, title) {
  await phone.load(`${phone.provider.url}/#/reminder/new`);
  await phone.page.getByLabel('What shall it say?').fill(title);
  await phone.page.getByLabel('Time 1').fill('03:10');
  await phone.press('Save');
  await phone.heading('Saved');
}

/** Puts the next time of the one reminder off until a moment from now, which is when it will be told: enough for a phone to hear of it first. */
async function soon(hers) {
  const [one] = (await hers.get('/me/reminders')).occurrences.filter((o) => o.state === 'to_come');
  const now = Date.now();
  await hers.post(`/me/occurrences/${one.id}/snooze`, {
    id: uuidv7(), reminder_id: one.reminder_id, date: one.date, time: one.time, at: new Date(now).toISOString(), until: new Date(now + 12_000).toISOString(),
  });
  return one.id;
}

story('push: asked only when there is something to tell; “not now” and “no” are both taken well', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const { phone } = await phoneOf(world, rhian, 'denied');
  await phone.load(`${world.provider.url}/#/reminders`);
  await phone.sees(/You have no reminders/);
  assert.equal(await phone.page.getByText('Shall this phone tell you?').count(), 0, 'nothing to tell yet');

  await makeReminder(phone, 'Wind down');
  await phone.heading('Shall this phone tell you?');
  assert.equal(await timesAsked(phone), 0, 'our own question first');
  await phone.press('Not now');
  await phone.sees(/^That’s fine\. Your reminders are here in the app\./);
  await phone.page.getByRole('link', { name: 'Put them in your calendar' }).click();
  await phone.heading('In your phone’s calendar');
  await makeReminder(phone, 'Tablets');
  await phone.page.reload();
  await phone.load(`${world.provider.url}/#/reminders`);
  await phone.heading('My reminders');
  assert.equal(await phone.page.getByText('Shall this phone tell you?').count(), 0, 'asked once');
  assert.equal(await timesAsked(phone), 0);

  // Later she thinks otherwise, and then says no to the phone itself.
  await phone.load(`${world.provider.url}/#/reminder-settings`);
  await phone.press('Let this phone tell me');
  await phone.sees('This phone has been told not to show notifications from this app.');
  await phone.sees(/^If you change your mind: /);
  assert.equal(await timesAsked(phone), 1);
  await phone.passes('push-blocked');
  assert.deepEqual((await (await world.deviceOf(rhian)).get('/me/push-subscriptions')).items, []);
});

story('push: a reminder told in neutral words, shown in her own, done from the lock screen', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const { phone, arrives } = await phoneOf(world, rhian);
  const hers = await world.deviceOf(rhian);
  await hers.put('/me/reminder-settings', { quiet_from: null, quiet_until: null, discretion: 'words' });
  await makeReminder(phone, 'Wind down with a book');
  await phone.press('Yes, tell me');
  await phone.sees(/^Turned on\./);
  assert.equal(await timesAsked(phone), 1);

  const id = await soon(hers);
  await phone.load(`${world.provider.url}/#/reminders`);
  await phone.page.reload();
  await phone.sees('Wind down with a book');
  // Whose words these are the phone knows by their time, so it must have heard of the new one.
  await phone.stored(/"snoozed"/, { name: 'reminders' });
  const { payload, text, headers } = await arrives();
  assert.doesNotMatch(text, /Wind|book|Rhian/, 'nobody on the way reads her words');
  assert.deepEqual([payload.kind, payload.n, payload.d], ['reminder', 1, 'words']);
  assert.ok(headers.ttl && headers.urgency && headers.topic);
  const shown = await notified(phone, 'Wind down with a book');
  assert.deepEqual(shown.actions, ['done', 'snooze']);

  const one = () => hers.get('/me/reminders').then((all) => all.occurrences.find((o) => o.id === id));
  const delivered = await until(one, (o) => o.sent_at && o.delivered_at);
  assert.ok(!delivered.seen_at, 'reached is not seen');
  await touch(phone, 'Wind down with a book', 'done');
  const done = await until(one, (o) => o.state === 'done');
  assert.ok(done.seen_at);
  await until(() => notifications(phone), (all) => all.length === 0);
});

story('push: a test says sent, reached and opened, each when it is so; receipts wait for signal', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const { phone, address, arrives } = await phoneOf(world, rhian);
  service.isSlowFor(address);
  await phone.load(`${world.provider.url}/#/reminder-settings`);
  await phone.press('Let this phone tell me');
  await phone.sees('Turned on.');
  await phone.press('Send a test');
  await phone.sees('Not sent yet');
  const message = arrives();
  await phone.sees(/^Sent today at/);
  const { payload } = await message;
  await notified(phone, payload.t);
  await phone.sees(/^Reached this phone today at/);
  await phone.sees(/^Not opened yet/);
  await phone.passes('push-test-on-its-way');

  // Opened with no signal: that is said as soon as there is some again.
  await phone.loseSignal();
  await phone.load(`${world.provider.url}/#/`);
  await touch(phone, payload.t);
  await phone.heading('How I’m reminded');
  await phone.findSignal();
  await phone.seesOnReload(/^Opened today at/);

  // Whatever comes, something is shown: a push without words would be one that nobody can see.
  await deliver(phone, 'not for us');
  await notified(phone, 'There is something new');
  assert.deepEqual((await notifications(phone)).map((one) => one.title), ['There is something new'], 'what was touched is gone');
  assert.ok(phone.page.url().endsWith('#/reminder-settings'));

  // The browser loses its address; the next start of the app makes another, and asks nobody.
  await phone.page.evaluate(() => localStorage.removeItem('story-subscription /'));
  await phone.page.reload();
  await phone.page.waitForFunction(() => localStorage.getItem('story-subscription /') === '2');
  assert.equal(await timesAsked(phone), 1);

  // Signed out, nothing of it is left in the browser.
  await phone.load(`${world.provider.url}/#/sign-out`);
  await phone.press('Sign out and delete');
  await phone.heading('Welcome');
  assert.equal(await phone.page.evaluate(() => localStorage.getItem('story-subscription /')), null);
  await until(() => notifications(phone), (all) => all.length === 0);
});

story('push: a worker is told that somebody asks, without a name, and signing out ends it', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const desk = await world.emptyDesk();
  const address = `${service.url}${uuidv7()}-`;
  const keys = await givePushService(desk.context, { endpoint: address });
  await desk.open();
  await desk.signIn(dee);
  await desk.press('Dee');
  await desk.page.getByRole('link', { name: 'Notifications' }).click();
  await desk.heading('Notifications on this device');
  await desk.passes('push-team-off');
  await desk.press('Turn on notifications here');
  await desk.sees('Turned on.');
  await desk.press('Send a test');
  const test = await arrives(desk, keys, address);
  await notified(desk, test.payload.t);
  await desk.page.locator('dl div').filter({ hasText: 'Reached this device' }).getByText(/\d\d:\d\d/).waitFor();
  await desk.passes('push-team-reached');
  await touch(desk, test.payload.t);
  await desk.page.locator('dl div').filter({ hasText: 'Opened' }).getByText(/\d\d:\d\d/).waitFor();

  const phone = await world.phoneOf(rhian);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  const asked = await arrives(desk, keys, address);
  assert.equal(asked.payload.kind, 'contact_request');
  assert.doesNotMatch(asked.text, /Rhian|Example/);
  await notified(desk, asked.payload.t);
  await touch(desk, asked.payload.t);
  await desk.sees(/^Rhian asks for a call now/); // on the night screen
  await desk.go('#/');
  await desk.row('Rhian Example').waitFor();

  await desk.press('Dee');
  await desk.press('Sign out');
  await desk.heading('Sign in');
  await desk.page.waitForFunction(() => localStorage.getItem('companion-team-push') === null);
});
