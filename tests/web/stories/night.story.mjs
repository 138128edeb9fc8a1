// Three in the morning, from both sides: she taps, somebody is rung, says that she has it, and keeps what she promised.
import assert from 'node:assert/strict';
import { after, before } from 'node:test';
import { PHONE } from '../lib/browser.mjs';
import { deliver, givePushService, notifications, notified, PushService, touch } from '../lib/push.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

let service;
before(async () => (service = await PushService.begin()));
after(() => service.end());

const written = (text) => ({ id: uuidv7(), text, beside: null });
const EMPTY = { keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], stages: [], want: [], do_not_want: [], tell: [], do_not_tell: [], people: [], rules: [] };
const PLAN = {
  ...EMPTY,
  works: [written('The big light off')],
  does_not_work: [written('Standing over me')],
  people: [{ id: uuidv7(), name: 'Mair', relation: 'my sister', phone: '07700 900 456', note: null, beside: null }],
};

/** A worker’s own phone, in bed: small, and signed in. */
async function bedside(world, worker, screen = PHONE) {
  const desk = await world.emptyDesk(screen);
  await desk.open();
  await desk.signIn(worker);
  return desk;
}

/** Promises a call in half an hour; the hour of a clock that she will read. The button's own may be five minutes on by the time it is pressed. */
async function promise(desk) {
  await desk.press(/^30 min/);
  await desk.sees(/Rhian will read: “Dee will call by \d\d:\d\d”\./);
  return (await desk.text()).match(/Rhian will read: “Dee will call by (\d\d:\d\d)”\./)[1];
}

story('night: asked at three, taken on a phone in the dark, promised in one tap, and the promise is kept', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const version = await dee.put(`/team/clients/${rhian.id}/plan`, { id: uuidv7(), based_on: null, body: PLAN, seen: null });
  await dee.post(`/team/clients/${rhian.id}/plan/${version.id}/agree`, { how: 'together' });
  const phone = await world.phoneOf(rhian);

  // By day she has said how she likes to be reached.
  await phone.go('Me');
  await phone.page.getByRole('link', { name: /^Look or change ?: How I like to be reached$/ }).click();
  await phone.heading('How I like to be reached');
  await phone.sees(/^Who reads this: .*Dee/);
  await phone.page.getByLabel('Text me first').check();
  await phone.page.getByLabel('Please don’t leave a message').check();
  await phone.page.getByLabel('Good times for me').fill('not before seven');
  await phone.press('Save');
  await phone.sees(/^Saved with Harbour Support\./);
  await phone.passes('night-reach');

  await phone.askForContact({ when: 'As soon as someone can', words: 'I can’t settle, and it’s loud again.' });
  await phone.rung('Reached Harbour Support');
  await phone.sees(/Ring 01632 960 000/);
  await phone.passes('night-asked');

  // One request is open at once, without a list.
  const desk = await bedside(world, dee);
  await desk.go('#/night');
  await desk.heading('Rhian asks for a call now');
  await desk.sees('I can’t settle, and it’s loud again.');
  await desk.sees('The big light off');
  await desk.sees('Standing over me');
  await desk.sees(/^Text first\. Don’t leave a message\.$/);
  await desk.sees(/Not before seven/);
  assert.equal(await desk.page.getByRole('link', { name: 'Call Rhian' }).getAttribute('href'), 'tel:07700900123');
  assert.equal(await desk.page.getByRole('link', { name: 'Text Rhian' }).getAttribute('href'), 'sms:07700900123');
  await desk.heading('Who has been rung');
  await desk.passes('night-card');
  await desk.inTheDark(() => desk.passes('night-card-dark'));
  assert.ok(await isDark(desk), 'dark on a phone that is set to light');

  // "I've got this" stops the ringing; a promise is one more tap, and she reads both.
  await desk.press('I’ve got this');
  await desk.sees('You have this.');
  await phone.learns('Seen by Dee');
  const by = await promise(desk);
  await desk.passes('night-promised');
  await phone.learns(`Dee will call before ${by}`);

  // She rings, and it is written down.
  const log = await desk.unfold('Log what happened');
  await log.getByLabel('I reached them').check();
  await desk.press('Log it', log);
  await phone.learns('Dee called, as promised');
  await phone.sees('Dee was in touch, as promised.');
  await phone.passes('night-kept');
  await desk.press('Finish this', await desk.unfold('Finish'));
  await desk.sees('This is finished.');
  await phone.learns('Done');
});

const isDark = (desk) => desk.page.evaluate(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number);
  return r + g + b < 150;
});

story('night: at twice the size, by keyboard, and the same request at a desk is as it was', async (world) => {
  const [dee, tom] = [await world.worker('Dee', 'Okafor'), await world.worker('Tom', 'Wilk')];
  const rhian = await world.client('Rhian', [dee, tom]);
  const hers = await world.deviceOf(rhian);
  const id = uuidv7();
  await hers.put(`/me/contact-requests/${id}`, { requested_at: new Date().toISOString(), when: 'now', how: 'call' });
  const desk = await bedside(world, dee, { ...PHONE, largeText: true });
  await desk.go('#/night');
  await desk.heading('Rhian asks for a call now');
  await desk.sees('They have no agreed plan.');
  await desk.passes('night-card-large');
  await desk.tabTo(/^I’ve got this$/);
  await desk.page.keyboard.press('Enter');
  await desk.sees('You have this.');
  await desk.page.locator('h2:focus').filter({ hasText: /^Say when/ }).waitFor();
  await desk.passes('night-mine-large');
  await desk.go(`#/requests/${id}`);
  await desk.heading('Who has been rung');
  await desk.passes('night-request-large');

  // Handed over, she is told to whom, and the night screen of whoever gets it opens on it.
  await desk.go(`#/night/${id}`);
  const over = await desk.unfold('Hand over');
  await over.getByLabel('To', { exact: true }).selectOption({ label: 'Tom Wilk' });
  await desk.press('Hand over', over);
  await desk.sees(/It is in Tom’s name/);
  const his = await bedside(world, tom);
  await his.go('#/night');
  await his.heading('Rhian asks for a call now');
  await his.sees(/It is in your name/);
  await his.onAScreenOf(1280, 800, () => his.passes('night-card-wide'));
  // It is his when he says so.
  await his.press('I’ve got this');
  await his.sees('You have this.');
});

story('night: a phone of one’s own stays signed in when the app is closed, and a shared desk does not', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const shared = await bedside(world, dee);
  await shared.openAgain();
  await shared.heading('Sign in');

  const own = await world.emptyDesk(PHONE);
  await own.open();
  await own.signIn(dee, { stay: true });
  await own.openAgain();
  await own.heading('Inbox');
  // Two windows of it are one session: signed out in one, it is over in both.
  const other = await own.anotherTab();
  await other.load(`${world.provider.url}/team/`);
  await other.heading('Inbox');
  await other.press('Dee');
  await other.press('Sign out');
  await own.heading('Sign in');
  await own.openAgain();
  await own.heading('Sign in');
});

story('night: two wait, so there is a list; nothing under a thumb moves', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const [rhian, sam] = [await world.client('Rhian', [dee]), await world.client('Sam', [dee])];
  const ask = async (client, when) => (await world.deviceOf(client)).put(`/me/contact-requests/${uuidv7()}`, { requested_at: new Date().toISOString(), when, how: 'call' });
  const desk = await bedside(world, dee);
  await desk.go('#/night');
  await desk.sees('Nobody needs a person now.');
  await desk.passes('night-empty');
  await ask(rhian, 'now');
  await desk.page.getByRole('link', { name: /Rhian Example/ }).waitFor();
  assert.ok(desk.page.url().endsWith('#/night'), 'a list that is read stays a list');
  await ask(sam, 'now');
  await desk.page.getByRole('link', { name: /Sam Example/ }).waitFor();
  await desk.passes('night-list');

  // What helps is long on its way, and comes in below what a finger may be on its way to.
  let come;
  const mayCome = new Promise((done) => (come = done));
  await desk.page.route(/\/contact-requests\/[^/]+$/, (route) => mayCome.then(() => route.continue()));
  await desk.page.getByRole('link', { name: /Sam Example/ }).click();
  await desk.heading('Sam asks for a call now');
  await desk.sees('1 more needs a person.');
  await desk.sees('Hand over');
  const placed = () => desk.page.locator('main').locator('a, button, summary').evaluateAll((all) => all.map((one) => `${one.innerText} ${Math.round(one.getBoundingClientRect().top + scrollY)}`));
  const before = await placed();
  come();
  await desk.sees('They have no agreed plan.');
  assert.deepEqual(await placed(), before);
  await desk.page.getByRole('link', { name: 'All who wait' }).click();
  await desk.page.getByRole('link', { name: /Rhian Example/ }).waitFor();
});

story('night: a call that came in is written down in two taps, and has the same promise', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const [rhian, sam] = [await world.client('Rhian', [dee]), await world.client('Sam', [dee])];
  const phone = await world.phoneOf(rhian);
  const desk = await bedside(world, dee);

  // From her page, nothing more needed.
  await desk.clientPage(sam);
  await desk.page.getByRole('link', { name: 'They rang: write it down' }).click();
  await desk.heading('Sam Example rang');
  await desk.passes('call-wishes');
  await desk.press('Nothing more is needed');
  await desk.sees('Written down. Nothing more is open for Sam.');
  await desk.passes('call-saved');
  const all = (await dee.get('/team/contact-requests?state=all')).items;
  assert.deepEqual(all.map((one) => [one.client.name, one.state, one.by_phone]), [['Sam Example', 'done', true]]);

  // From the inbox, found by name, with a call back.
  await desk.go('#/');
  await desk.page.locator('main').getByRole('link', { name: 'They rang' }).click();
  await desk.heading('Somebody rang, or told you');
  await desk.page.getByLabel('Find by name').fill('rhi');
  await desk.page.getByRole('link', { name: 'Sam Example' }).waitFor({ state: 'detached' });
  await desk.passes('call-who');
  await desk.page.getByRole('link', { name: 'Rhian Example' }).click();
  await desk.heading('Rhian Example rang');
  await (await desk.unfold('A few words')).getByLabel('A few words', { exact: true }).fill('The boiler is out and she is cold.');
  const by = await promise(desk);
  await desk.page.getByRole('link', { name: 'Open it' }).click();
  await desk.heading('Rhian asks for a call now');
  await desk.sees(/^They rang /);
  await desk.passes('call-request');

  // The promise stands on her phone too.
  await phone.look();
  await phone.sees('You asked for contact');
  await phone.page.getByRole('link', { name: 'See how it stands' }).click();
  await phone.learns(`Dee will call before ${by}`);
});

story('night: two minutes with no signal, and the app says to ring: on every page, and first of all when it is opened again', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.keptOnPhone();
  await phone.loseSignal();
  await phone.askForContact();
  await phone.sees(/This is saved on your phone\. It has not reached Harbour Support yet\..*01632 960 000/);
  await phone.page.clock.setSystemTime(Date.now() + 150_000);
  await phone.look();
  await phone.sees(/This has still not reached Harbour Support\. Please ring instead\./);
  await phone.passes('night-not-reached');
  await phone.go('Pack');
  await phone.sees(/This has still not reached Harbour Support/);
  await phone.passes('night-not-reached-elsewhere');
  await phone.go('Today');
  await phone.page.reload();
  const card = phone.page.locator('main section').first();
  await card.getByText(/This has still not reached Harbour Support/).waitFor();
  await card.getByRole('link', { name: /Ring 01632 960 000/ }).waitFor();
  await phone.sees('We can’t check who is there right now. Best to take it as nobody.');
  await phone.passes('night-not-reached-first');
  await phone.inTheDark(() => phone.passes('night-not-reached-first-dark'));
  await phone.findSignal();
  await phone.look();
  await phone.gone('This has still not reached');
});

story('night: when nobody on the list has answered, the app says so with the number, and first of all when it is opened again', async (world) => {
  // Nobody here can be rung: no phone of theirs was ever turned on.
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const hers = await world.deviceOf(rhian);
  const phone = await world.phoneOf(rhian);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  await until(() => hers.get('/me/contact-requests?limit=5'), ({ items }) => items[0].not_answered_at);
  await phone.page.clock.setSystemTime(Date.now() + 150_000);
  await phone.learns('Nobody on the list has answered yet');
  await phone.sees(/Nobody has answered yet\..*01632 960 000/);
  await phone.sees(/Ring 116 123/);
  await phone.passes('night-not-answered');
  await phone.go('Today');
  await phone.page.reload();
  await phone.page.locator('main section').first().getByText(/Nobody has answered yet\./).waitFor();
  await phone.passes('night-not-answered-first');
});

story('night: “I’ve got this” on the notification itself, and what it says when the server cannot be reached', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const desk = await world.emptyDesk(PHONE);
  const address = `${service.url}${uuidv7()}-`;
  const keys = await givePushService(desk.context, { endpoint: address });
  await desk.open();
  await desk.signIn(dee);
  await desk.go('#/notifications');
  await desk.press('Turn on notifications here');
  await desk.sees('Turned on.');
  const arrives = async () => {
    const text = keys.open((await service.next(address)).body);
    await deliver(desk, text);
    return JSON.parse(text);
  };

  const phone = await world.phoneOf(rhian);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  const first = await arrives();
  const shown = await notified(desk, first.t);
  assert.deepEqual(shown.actions, ['acknowledge']);
  await phone.learns('Sent to your team’s app');
  await touch(desk, first.t, 'acknowledge');
  await notified(desk, 'You’ve got this');
  await phone.learns('Seen by Dee');

  // What it leads to is the one request.
  await touch(desk, 'You’ve got this');
  await desk.heading('Rhian asks for a call now');
  await desk.sees('You have this.');
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  await dee.post(`/team/contact-requests/${request.id}/complete`);
  await phone.learns('Done');

  // With no signal nobody can know, and the notification says so until they do.
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  const second = await arrives();
  await notified(desk, second.t);
  await desk.context.setOffline(true);
  desk.context.expect(/net::ERR_/);
  await touch(desk, second.t, 'acknowledge');
  const untold = await notified(desk, 'Could not reach the server yet');
  assert.match(untold.body, /^Open the app\./);
  await desk.context.setOffline(false);
  await desk.page.reload();
  await notified(desk, 'You’ve got this');
  assert.equal((await notifications(desk)).length, 1, 'the one that said otherwise is gone');
  await phone.learns('Seen by Dee');
});

story('night: who is on call is said while it is known, and no longer', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.sees(/^Nobody is watching this app right now\./);
  await phone.sees(/You can ring 01632 960 000\./);

  // On from now on, day and night; and her phone has answered.
  const desk = await world.emptyDesk(PHONE);
  const address = `${service.url}${uuidv7()}-`;
  const keys = await givePushService(desk.context, { endpoint: address });
  await desk.open();
  await desk.signIn(dee);
  await desk.go('#/notifications');
  await desk.press('Turn on notifications here');
  await desk.sees('Turned on.');
  await desk.press('Send a test');
  await deliver(desk, keys.open((await service.next(address)).body));
  await desk.page.locator('dl div').filter({ hasText: 'Reached this device' }).getByText(/\d\d:\d\d/).waitFor();
  const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date(Date.now() - 86_400_000));
  const shift = { id: uuidv7(), line: 'first', kind: 'on_call', worker_id: dee.id, starts_on: yesterday, from: '08:00', until: '08:00', repeat: { unit: 'day', every: 1 }, ends: null };
  await world.lead.put('/team/rota', { service_id: world.service.id, id: uuidv7(), based_on: null, catch_all: world.lead.id, patterns: [shift] });
  const hers = await world.deviceOf(rhian);
  await until(() => hers.get('/me/cover'), (cover) => cover.watched_now);
  await phone.page.reload();
  await phone.sees(/^Dee is on call\./);
  await phone.passes('cover-watched');

  await phone.loseSignal();
  await phone.page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await phone.sees(/^We can’t check who is there right now\./);
});
