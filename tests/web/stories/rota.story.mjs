// The rota: written and published by a lead, read by whoever is on it, swapped by two yeses; who is rung, and how one is reached.
import assert from 'node:assert/strict';
import { DESK, PHONE } from '../lib/browser.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';

const LETTERS = ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'];
const NAMES = { mo: 'Monday', tu: 'Tuesday', we: 'Wednesday', th: 'Thursday', fr: 'Friday', sa: 'Saturday', su: 'Sunday' };
const dayOf = (days = 0) => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date(Date.now() + days * 86_400_000));
const weekdayOf = (days = 0) => LETTERS[new Date(`${dayOf(days)}T12:00:00Z`).getUTCDay()];

/** A shift of a whole day, so that whoever has today is on now whatever the hour. */
const pattern = (worker, more = {}) => ({
  id: uuidv7(), line: 'first', kind: 'on_call', worker_id: worker?.id ?? null, starts_on: dayOf(-1), from: '00:00', until: '00:00', repeat: { unit: 'day', every: 1 }, ends: null, ...more,
});
const rotaOf = (world, who = world.lead) => who.get(`/team/rota?service_id=${world.service.id}`);
async function publish(world, patterns, catch_all = null) {
  const { id } = await rotaOf(world);
  return world.lead.put('/team/rota', { service_id: world.service.id, id: uuidv7(), based_on: id, catch_all: catch_all?.id ?? null, patterns });
}
/** Tom on two days of the week from tomorrow on, and Dee on all others. */
const shared = (dee, tom, toms = [2]) => {
  const his = toms.map(weekdayOf);
  return [pattern(dee, { repeat: { unit: 'week', every: 1, weekdays: LETTERS.filter((one) => !his.includes(one)) } }), pattern(tom, { repeat: { unit: 'week', every: 1, weekdays: his } })];
};

story('rota: written by a lead, not published with a hole and nobody named, and read by whoever is on it', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  await world.worker('Tom', 'Wilk');
  const desk = await world.deskOf(world.lead);
  await desk.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Rota' }).click();
  await desk.heading('Rota: Out and About');
  await desk.sees('There is no rota for Out and About yet. Nobody is on call for it.');
  await desk.sees('Nobody is on the first line now.');
  await desk.page.getByRole('link', { name: 'Write the rota' }).click();
  await desk.heading('Change the rota: Out and About');
  await desk.page.locator('h1:focus').waitFor();
  assert.equal(await desk.page.getByRole('button', { name: 'Publish', exact: true }).getAttribute('aria-disabled'), 'true', 'there is nothing to publish yet');

  await desk.press('Add a shift');
  await desk.page.locator('select:focus').selectOption({ label: 'Dee Okafor' });
  await desk.page.getByLabel('Kind').selectOption('on_call');
  await desk.page.getByLabel('From', { exact: true }).fill('00:00');
  await desk.page.getByLabel('Until', { exact: true }).fill('00:00');
  await desk.sees('It lasts 24 hours.');
  const free = weekdayOf(2);
  for (const [letter, name] of Object.entries(NAMES)) await desk.page.getByRole('checkbox', { name }).setChecked(letter !== free);
  await desk.sees(/^Nobody is on at 2 times in these 14 days$/);
  await desk.sees('Nobody is named for those hours: a request would go to team leads only.');

  desk.context.expect(/status of 422/);
  await desk.press(/^Publish$/);
  await desk.sees(/^(Name somebody here|Nobody is on first line from)/);
  assert.ok(await desk.page.getByLabel('Who is asked when nobody is on the first line?').evaluate((one) => one === document.activeElement), 'the focus is where it can be put right');
  assert.equal((await rotaOf(world)).number, 0);
  await desk.page.getByLabel('Who is asked when nobody is on the first line?').selectOption({ label: 'Pat Lead' });
  await desk.press(/^Publish$/);
  await desk.heading('Rota: Out and About');
  await desk.sees(/^Version 1, published by Pat Lead/);
  await desk.sees('In those hours Pat Lead is asked.');
  await desk.sees('You have no shift in the next 28 days.');
  await desk.sees(/^Dee Okafor, until 00:00$/);

  const hers = await world.emptyDesk(PHONE);
  await hers.open();
  await hers.signIn(dee);
  await hers.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Rota' }).click();
  await hers.sees('You are on now until 00:00, first line.');
  assert.equal(await hers.page.getByRole('link', { name: 'Change the rota' }).count(), 0);
  await hers.go(`#/rota/${world.service.id}/edit`);
  await hers.sees('Only a team lead of this service can change its rota.');

  // What was handed over.
  await hers.go('#/rota');
  await hers.unfold('Hand something over');
  await hers.press('Hand over');
  await hers.sees('Write a few words first.');
  await hers.page.getByLabel('Handover', { exact: true }).fill('The back door sticks.\nLift it.');
  await hers.press('Hand over');
  await hers.sees('Handed over.');
  await desk.page.reload();
  await desk.sees(/The back door sticks\./);
});

story('rota: two publish at once, nothing written is lost, and somebody chooses', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const tom = await world.worker('Tom', 'Wilk');
  const lena = await world.worker('Lena', 'Berg', ['team_lead']);
  await publish(world, [pattern(dee)]);
  const desk = await world.deskOf(world.lead);
  await desk.go(`#/rota/${world.service.id}/edit`);
  await desk.page.locator('h1:focus').waitFor();
  await desk.press(/^Change ?: Dee Okafor/);
  await desk.page.locator('select:focus').selectOption({ label: 'Tom Wilk' });
  await desk.sees('Somebody is on the first line at every minute of these 14 days.');

  const { id } = await rotaOf(world);
  await lena.put('/team/rota', { service_id: world.service.id, id: uuidv7(), based_on: id, catch_all: null, patterns: [pattern(lena, { kind: 'waking_night' })] });
  desk.context.expect(/status of 409/);
  await desk.press(/^Publish$/);
  await desk.heading('Lena Berg published version 2 meanwhile');
  await desk.sees(/^Lena Berg, first line, waking night/);
  assert.equal(await desk.page.getByLabel('Who', { exact: true }).locator('option:checked').innerText(), 'Tom Wilk', 'ours is still on the screen');
  await desk.passes('rota-conflict');
  await desk.press('Publish mine in place of it');
  await desk.sees(/^Version 3, published by Pat Lead/);
  assert.deepEqual((await rotaOf(world)).patterns.map((one) => one.worker.id), [tom.id]);

  // Leaving with words that are not published is asked about.
  await desk.go(`#/rota/${world.service.id}/edit`);
  await desk.press(/^Change ?: Tom Wilk/);
  await desk.page.getByLabel('Who', { exact: true }).selectOption({ label: 'Nobody yet' });
  await desk.page.getByRole('link', { name: 'Rota' }).first().click();
  await desk.press('Leave', desk.page.getByRole('dialog'));
  await desk.sees(/^Version 3/);
});

story('rota: a swap asked for, counted in the header, and in force with the second yes; ill, and back again', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const tom = await world.worker('Tom', 'Wilk');
  await publish(world, shared(dee, tom), world.lead);
  const hers = await world.deskOf(dee);
  await hers.go('#/rota');
  await hers.sees('You are on now until 00:00, first line.');
  const tomorrow = (await dee.get('/team/rota/mine')).next.find((one) => one.date === dayOf(1));
  await hers.page.getByRole('listitem').filter({ hasText: new RegExp(`^\\w+ ${Number(dayOf(1).slice(8))} |tomorrow`) }).getByRole('button', { name: /^Swap/ }).first().click();
  const sheet = hers.page.getByRole('dialog');
  await hers.press('Ask', sheet);
  await hers.sees('Choose who takes it.');
  await sheet.getByLabel('Who takes it?').selectOption({ label: 'Tom Wilk' });
  await sheet.getByLabel('In return for').selectOption({ index: 1 });
  await sheet.getByLabel('A few words').fill('My daughter’s concert');
  await hers.press('Ask', sheet);
  await hers.sees('Asked. It waits for the yes of Tom.');
  await hers.unfold('1 swap waits');
  await hers.sees('Waits for the yes of Tom.');

  const his = await world.emptyDesk(PHONE);
  await his.open();
  await his.signIn(tom);
  await his.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: /^Rota ?1 waiting/ }).click();
  await his.heading('One swap waits for your yes');
  await his.sees('“My daughter’s concert”');
  await his.passes('rota-asked');
  await his.press(/^Yes/);
  await his.sees('You said yes.');
  await his.gone('One swap waits');
  assert.equal(await his.page.getByRole('link', { name: /waiting/ }).count(), 0);
  const swapped = (await rotaOf(world)).shifts.find((one) => one.pattern_id === tomorrow.pattern_id && one.date === tomorrow.date);
  assert.deepEqual([swapped.worker.first_name, swapped.swapped], ['Tom', true]);

  // Ill from now on: the hours are nobody's at once, and whoever is named is asked.
  await hers.page.reload();
  await hers.press('I’m ill or away');
  await hers.press('Mark as away', hers.page.getByRole('dialog'));
  await hers.sees('Marked as away. These shifts are shown as nobody’s.');
  await hers.sees(/^You are marked as away since today at \d\d:\d\d\. Nobody rings you\.$/);
  await hers.sees('Nobody is on the first line now.');
  await hers.sees('Pat Lead is asked meanwhile.');
  await hers.passes('rota-away');
  await hers.press('I’m back');
  await hers.gone('You are marked as away');
  await hers.sees(/^Dee Okafor, until/);
});

story('rota: who is rung is a plain list, changed by buttons, and the usual one comes back', async (world) => {
  await publish(world, [pattern(await world.worker('Dee', 'Okafor'))]);
  const desk = await world.deskOf(world.lead);
  await desk.go(`#/rota/${world.service.id}/policies`);
  await desk.sees(/^At night only three things ring/);
  const now = desk.page.getByRole('region', { name: 'A client asks for contact now' });
  await desk.sees('key worker, 5 minutes → first line, 5 minutes → second line, 5 minutes → team leads, 5 minutes, and the last goes on until somebody answers.', { within: now });
  await desk.press(/^Change/, now);
  await desk.press(/^Up ?: Step 2/, now);
  await desk.press('Add a step', now);
  await now.getByLabel('Who', { exact: true }).last().selectOption('person');
  await desk.press('Save the list', now);
  await desk.sees('Choose who.', { within: now });
  await now.getByLabel('Whose name').selectOption({ label: 'Dee Okafor' });
  await now.getByLabel('Minutes').last().fill('15');
  await desk.press('Save the list', now);
  await desk.sees('Saved. It counts for every request from now on.', { within: now });
  const list = async () => (await world.lead.get(`/team/policies?service_id=${world.service.id}`)).items.find((one) => one.kind === 'contact_now');
  assert.deepEqual((await list()).steps.map((one) => `${one.who} ${one.minutes}`), ['first_line 5', 'key_worker 5', 'second_line 5', 'team_lead 5', 'person 15']);
  await desk.sees(/Dee Okafor, 15 minutes, and the last goes on/, { within: now });

  // A night with nobody to ring can't be saved.
  await desk.press(/^Change/, now);
  for (let n = 0; n < 4; n++) await desk.press(/^Take out ?: Step (1|2)$/, n === 0 ? now.locator('[data-step-of="0"]') : now.locator('[data-step-of="1"]'));
  await desk.press('Save the list', now);
  await desk.sees(/^At night nobody in this list would be rung\./, { within: now });
  await desk.press('Put the usual list back', now);
  await desk.agree('Put the usual list back');
  await desk.sees('As usual', { within: now });
  assert.equal((await list()).usual, true);
});

story('rota: how I am reached, in my order, and what the server can’t send by is said', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const desk = await world.deskOf(dee);
  await desk.press('Dee');
  await desk.page.getByRole('link', { name: 'Notifications' }).click();
  await desk.heading('How you are reached');
  const ways = () => desk.page.locator('[data-way]').allInnerTexts().then((all) => all.map((one) => one.replace(/\s+/g, ' ')));
  await desk.page.locator('[data-way]').first().waitFor();
  assert.match((await ways()).join(' | '), /Notification on my devices.*\| .*E-mail dee@harbour\.example/);
  await desk.sees('No device of yours has notifications turned on. Turn them on below.');
  await desk.sees('This server can’t send e-mail yet. Whoever runs it can set that up.');
  await desk.sees('Nothing here would ring you now.');
  await desk.press('A number for texts');
  await desk.page.getByLabel('Mobile number').fill('0770');
  await desk.press(/^Add$/);
  await desk.sees('Give the whole number.');
  await desk.page.getByLabel('Mobile number').fill('07700 900 123');
  await desk.press(/^Add$/);
  await desk.press(/^Up ?: Text message/);
  await desk.sees('You have changed the list. It counts once it is saved.');
  await desk.press('Save the list');
  await desk.sees(/^Saved\.$/);
  await desk.page.reload();
  await desk.sees('+447700900123');
  assert.deepEqual((await dee.get('/team/channels')).items.map((one) => one.kind), ['push', 'sms', 'email']);
});

story('rota: tonight rehearsed with nothing sent, and an engine that says how it is', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  await publish(world, [pattern(dee, { from: '17:00', until: '23:00' })], world.lead);
  const desk = await world.deskOf(world.lead);
  await desk.go(`#/rota/${world.service.id}/rehearsal`);
  await desk.sees('Nothing is sent and nobody is rung. This page only works out who would be.');
  await desk.heading(/^(One hole|\d holes) tonight$/);
  // Nobody here has a device yet: that somebody is on the rota is not enough, and the page says so.
  await desk.sees('Nobody at all would be rung tonight, at any hour.');
  await desk.sees('Without any way to be rung that works: Ada Office, Dee Okafor, Pat Lead.');
  await desk.press('Begin');
  await desk.press('Pause');
  await desk.press('To the next line');
  await desk.sees('Somebody asks');
  await desk.press('To the end');
  await desk.sees('It is morning. That was the night.');
  assert.match(await desk.page.getByRole('log').innerText(), /The key worker is rung by day, or on a shift: passed over at once/);
  await desk.passes('rehearsal-over');

  await desk.go('#/engine');
  await desk.sees(/^Working\. Last looked /);
  await desk.passes('engine');
  const hers = await world.deskOf(dee);
  await hers.go('#/engine');
  await hers.sees('This page is for team leads.');
});

/** Every screen, looked at hard. */
async function screens(world, screen, look) {
  const dee = await world.worker('Dee', 'Okafor');
  const tom = await world.worker('Siân', 'Price-Bartholomew');
  const desk = await world.emptyDesk(screen);
  if (!screen.largeText) await desk.open();
  await desk.signIn(world.lead);
  await desk.go('#/rota');
  await desk.sees(/^There is no rota/);
  await look(desk, 'rota-none');
  await publish(world, [...shared(dee, tom, [2, 4]).slice(0, 1), pattern(null, { line: 'second', from: '17:00', until: '09:00' }), pattern(tom, { repeat: { unit: 'none', every: 1 }, starts_on: dayOf(2), from: '08:00', until: '22:00' })], world.lead);
  const mine = (await dee.get('/team/rota/mine')).next[0];
  await dee.put(`/team/rota/swaps/${uuidv7()}`, { service_id: world.service.id, pattern_id: mine.pattern_id, date: mine.date, to: world.lead.id, in_return: null, words: 'Could you?' });
  await dee.put(`/team/rota/handovers/${uuidv7()}`, { service_id: world.service.id, words: 'The back door sticks.' });
  await desk.page.reload();
  await desk.heading('One swap waits for your yes');
  await desk.sees('The back door sticks.');
  await look(desk, 'rota');
  await desk.press('Suggest a swap for others');
  await desk.page.getByRole('dialog').getByLabel('Which shift?').waitFor();
  await look(desk, 'rota-swap');
  await desk.press('Cancel', desk.page.getByRole('dialog'));
  await desk.press('Mark somebody as away');
  await desk.page.getByLabel('On leave').check();
  await desk.press('Mark as away', desk.page.getByRole('dialog'));
  await look(desk, 'rota-away-wrong');
  await desk.press('Cancel', desk.page.getByRole('dialog'));
  await desk.go(`#/rota/${world.service.id}/edit`);
  await desk.sees(/^Nobody is on at/);
  await desk.press(/^Change ?: Dee Okafor/);
  await desk.page.getByLabel('Until', { exact: true }).fill('');
  await desk.press(/^Publish$/);
  await desk.sees('Give both times.');
  await look(desk, 'rota-edit');
  await desk.page.getByRole('link', { name: 'Rota' }).last().click();
  await desk.press('Leave', desk.page.getByRole('dialog'));
  await desk.go(`#/rota/${world.service.id}/policies`);
  await desk.press(/^Change/);
  await look(desk, 'rota-policies');
  await desk.go('#/engine');
  await desk.sees(/^Working\./);
  await look(desk, 'engine');
  await desk.go(`#/rota/${world.service.id}/rehearsal`);
  await desk.press('To the next line');
  await desk.sees('Somebody asks');
  await look(desk, 'rota-rehearsal');
  await desk.go('#/notifications');
  await desk.press('A number for calls');
  await look(desk, 'channels');
}

const looks = {
  'at a desk': [DESK, (desk, name) => desk.passes(`desk-${name}`)],
  'on a small phone, and in the dark': [PHONE, async (desk, name) => {
    await desk.passes(`small-${name}`);
    await desk.inTheDark(() => desk.passes(`dark-${name}`));
  }],
  'with text twice as large': [{ ...PHONE, largeText: true }, (desk, name) => desk.passes(`large-${name}`)],
};
for (const [how, [screen, look]] of Object.entries(looks)) (how.startsWith('with') ? storyInSoak : story)(`screens: the rota, ${how}`, (world) => screens(world, screen, look));
