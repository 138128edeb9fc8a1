import assert from 'node:assert/strict';
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

const DAILY = { starts_on: '2026-01-01', times: ['09:00'], repeat: { unit: 'day', every: 1 }, ends: null };
/** A reminder as a worker puts it, to be answered on the phone. */
const suggest = (worker, client, more = {}) =>
  worker.put(`/team/clients/${client.id}/reminders`, {
    id: uuidv7(), change: uuidv7(), based_on: null, title: 'A short walk', note: 'You said that it clears your head.', about: 'own', plan_line: null, schedule: DAILY, agreed: 'on_phone', ...more,
  });

/** Fills the form in as somebody does who wants to be reminded every day, and saves it. */
async function make(phone, title, time = '21:30') {
  await phone.load(`${phone.provider.url}/#/reminder/new`);
  await phone.heading('Make a reminder');
  await phone.page.getByLabel('What shall it say?').fill(title);
  await phone.page.getByLabel('Time 1').fill(time);
  await phone.press('Save');
  await phone.heading('Saved');
}
const row = (phone, words) => phone.page.locator('li').filter({ has: phone.page.locator('details') }).filter({ hasText: words }).first();

story('reminders: made in plain choices; done with no signal, and it arrives once', async (world) => {
  const { provider } = world;
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.keptOnPhone();
  await phone.go('Me');
  await phone.page.getByRole('link', { name: 'My reminders' }).click();
  await phone.sees(/You have no reminders/);
  await phone.page.getByRole('link', { name: 'Make a reminder' }).click();
  await phone.press('Save');
  await phone.sees('Say what it is about.');
  await phone.page.getByLabel('What shall it say?').fill('Put the phone down and read');
  await phone.page.getByRole('radio', { name: 'On some days of the week' }).check();
  for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']) await phone.page.getByRole('checkbox', { name: day }).check();
  await phone.page.getByLabel('Time 1').fill('21:15');
  await phone.press('Add a time');
  await phone.page.getByLabel('Time 2').fill('08:00');
  await phone.page.getByRole('radio', { name: 'After a number of days' }).check();
  await phone.page.getByLabel('How many days shall it come on?').fill('10');
  await phone.sees(/, at 08:00 and 21:15, on 10 days\.$/);
  await phone.press('Save');
  await phone.heading('Saved');
  await phone.heading('The next times');
  const hers = await world.deviceOf(rhian);
  const { occurrences, reminders } = await hers.get('/me/reminders');
  assert.equal(reminders[0].title, 'Put the phone down and read');
  const lines = phone.page.getByRole('status').getByRole('listitem');
  await lines.nth(2).waitFor();
  const times = await lines.allInnerTexts();
  assert.deepEqual(times.map((line) => line.slice(-5)), occurrences.slice(0, 3).map((one) => one.time), 'the dates on screen are the server’s');

  // The signal goes. Tomorrow's first is done beforehand, with a reason, in a tab that is closed again.
  await phone.page.getByRole('link', { name: 'All reminders' }).click();
  await phone.heading('The next days');
  await phone.loseSignal();
  await phone.page.reload();
  await phone.heading('The next days');
  const one = phone.page.locator('h3 + ul > li').first();
  await one.locator('summary').click();
  await phone.press(/^Done/, one);
  await one.getByText('Saved on this phone. It will go when you have signal.').waitFor();
  await phone.press(/^Say why/, one);
  await one.getByLabel('Why, if you like').fill('I did it early.');
  await one.getByText('If you share your reminders with your team, now or later, they can read this too.').waitFor();
  await phone.press('Keep', one);
  await one.getByText('“I did it early.”').waitFor();
  await phone.page.close();

  // It comes back to two tabs at once.
  phone.page = await phone.context.newPage();
  await phone.load(`${provider.url}/#/reminders`);
  const tab = await phone.anotherTab();
  await tab.load(`${provider.url}/#/reminders`);
  await tab.sees('The next days');
  const sent = [];
  const isIt = (answer) => /\/me\/sync$/.test(answer.url()) && /"occurrence"/.test(answer.request().postData() ?? '');
  phone.context.on('response', (answer) => isIt(answer) && sent.push(answer.status()));
  const told = phone.context.waitForEvent('response', isIt);
  await phone.findSignal();
  await Promise.all([phone, tab].map((one) => one.look()));
  const done = await until(() => hers.get('/me/reminders'), (all) => all.occurrences.some((o) => o.state === 'done'));
  const answered = done.occurrences.filter((o) => o.state !== 'to_come' && o.answered_at);
  assert.deepEqual(answered.map((o) => [o.state, o.reason]), [['done', 'I did it early.']]);
  // The server may know before the browser has told us of its answer.
  await told;
  assert.deepEqual([...new Set(sent)], [200]);
});

story('reminders: what a worker suggests comes only after a yes; two who change it at once both see both', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const walk = await suggest(dee, rhian);
  const phone = await world.phoneOf(rhian);
  const hers = await world.deviceOf(rhian);
  assert.deepEqual((await hers.get('/me/reminders')).occurrences, []);
  await phone.page.getByRole('link', { name: 'Dee suggests a reminder' }).click();
  await phone.heading('Dee suggests a reminder');
  await phone.sees('You said that it clears your head.');
  await phone.sees('Every day, at 09:00.');
  await phone.sees('It does not come until you say yes.');
  await phone.press('Yes, remind me');
  await phone.heading('My reminders');
  assert.equal((await hers.get('/me/reminders')).reminders[0].state, 'on');

  // Both change it: Dee at her desk first, then Rhian, who had the form open.
  await phone.page.getByRole('link', { name: /^Change/ }).click();
  await phone.heading('Change this reminder');
  const [now] = (await dee.get(`/team/clients/${rhian.id}/reminders`)).reminders;
  await dee.put(`/team/clients/${rhian.id}/reminders`, {
    id: walk.id, change: uuidv7(), based_on: now.change, title: 'A short walk after lunch', note: null, about: 'own', plan_line: null, schedule: { ...DAILY, times: ['13:00'] }, agreed: 'together',
  });
  await phone.page.getByLabel('What shall it say?').fill('Round the park');
  phone.context.expect(/status of 409/);
  await phone.press('Save');
  await phone.heading('This was changed meanwhile');
  await phone.sees('A short walk after lunch');
  await phone.sees('Every day, at 13:00.');
  await phone.sees('Round the park');
  await phone.press('Take mine');
  await phone.heading('Saved');
  assert.equal((await hers.get('/me/reminders')).reminders[0].title, 'Round the park');

  // Without signal nothing is claimed, and what was typed stays.
  await phone.press('Change');
  await phone.page.getByLabel('What shall it say?').fill('Round the park, slowly');
  await phone.loseSignal();
  await phone.press('Save');
  await phone.sees(/^Not saved\. What you put is still here/);
  await phone.signalIsBack();
  await phone.press('Save');
  await phone.heading('Saved');
});

story('reminders: quiet hours, not this week, a calendar, and who may see', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  const hers = await world.deviceOf(rhian);
  await make(phone, 'Wind down', '21:30');
  await phone.load(`${world.provider.url}/#/reminder-settings`);
  await phone.heading('Quiet hours');
  const on = phone.page.getByRole('switch', { name: 'Keep quiet at some hours' });
  if (!(await on.isChecked())) await on.check();
  await phone.page.getByLabel('From', { exact: true }).fill('21:00');
  await phone.page.getByLabel('Until', { exact: true }).fill('07:30');
  await phone.press('Save');
  await phone.sees('Saved with Harbour Support.');
  await until(() => hers.get('/me/reminder-settings'), (set) => set.quiet_from === '21:00' && set.quiet_until === '07:30');
  await phone.page.getByRole('radio', { name: /^My own words/ }).check();
  await phone.page.getByRole('switch', { name: /^Let my team see/ }).check();
  await phone.sees('Your team can see which reminders you answered.');

  await phone.press('Make a link');
  const link = await phone.page.getByLabel('Your link').inputValue();
  const feed = await (await fetch(link)).text();
  assert.match(feed, /BEGIN:VEVENT/);
  assert.doesNotMatch(feed, /Wind down/, 'neutral titles only');
  await phone.press('End the link');
  await phone.sees(/^Ended\./);
  assert.equal((await fetch(link)).status, 404);

  await phone.page.getByRole('link', { name: 'All reminders' }).click();
  await phone.page.locator('main').getByRole('link', { name: /^Change.*Wind down/ }).click();
  await phone.sees(/^21:30 is in your quiet hours/);
  await phone.page.getByRole('link', { name: 'All reminders' }).click();
  await phone.press('Not this week');
  await phone.press('Pause');
  await phone.sees(/^All reminders are paused\./);
  const paused = await until(() => hers.get('/me/reminders'), (all) => all.settings.paused_until);
  assert.ok(paused.occurrences.every((one) => one.state !== 'to_come' || one.date > paused.settings.paused_until));
  await phone.press('Start again now');
  await phone.gone('All reminders are paused.');
  await until(() => hers.get('/me/reminder-settings'), (set) => set.paused_until === null && set.discretion === 'words');
  await until(() => hers.get('/me/sharing'), (set) => set.reminders_shared === true);
});

async function everyScreen(world, phone, look) {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const go = (place) => phone.load(`${world.provider.url}/#/${place}`);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await go('reminders');
  await phone.sees(/You have no reminders/);
  await look('none');
  await make(phone, 'Tablets, with something to eat', '08:00');
  await look('saved');
  await suggest(dee, rhian);
  await suggest(dee, rhian, { title: 'Ring your sister', agreed: 'together', schedule: { ...DAILY, repeat: { unit: 'month', every: 1, month: { nth: -1, weekday: 'fr' } } } });
  await go('');
  await phone.page.reload();
  await phone.sees('All reminders');
  await look('today');
  await go('reminders');
  await phone.heading('Dee suggests a reminder');
  await row(phone, 'Tablets').locator('summary').click();
  await look('list');
  await phone.press(/^Skip/, row(phone, 'Tablets'));
  await phone.press(/^Say why/, row(phone, 'Tablets'));
  await look('why');
  await phone.press('Not this week');
  await look('pause');
  await go('reminder/new');
  await phone.page.getByLabel('What shall it say?').fill('Read');
  await phone.page.getByRole('radio', { name: 'On some days of the week' }).check();
  await phone.page.getByRole('radio', { name: 'Until a day' }).check();
  await phone.press('Add a time');
  await look('make-week');
  await phone.page.getByRole('radio', { name: 'Once a month' }).check();
  await phone.page.getByRole('radio', { name: /^On a weekday/ }).check();
  await phone.press('Save');
  await look('make-month');
  await go('reminder-settings');
  await phone.heading('Quiet hours');
  await look('settings');
}

story('screens: reminders on a small phone, in the dark and on a wide screen', async (world) => {
  const phone = await world.phone();
  const dark = ['saved', 'today', 'list', 'make-week', 'settings'];
  const wide = ['list', 'make-week', 'settings'];
  await everyScreen(world, phone, async (name) => {
    await phone.passes(`reminders-${name}`);
    if (dark.includes(name)) await phone.inTheDark(() => phone.passes(`reminders-${name}-dark`));
    await phone.onAScreenOf(1280, 800, () => (wide.includes(name) ? phone.passes(`reminders-${name}-wide`) : phone.noSidewaysScroll(name)));
  });
});
storyInSoak('screens: reminders with text twice as large', async (world) => {
  const phone = await world.phone();
  await phone.open();
  await phone.doubleText();
  const few = ['today', 'list', 'pause', 'make-week', 'make-month', 'settings'];
  await everyScreen(world, phone, (name) => (few.includes(name) ? phone.passes(`reminders-${name}-large`) : phone.noSidewaysScroll(name)));
});
