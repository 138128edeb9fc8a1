import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';
import { text } from '../lib/text.mjs';
import { until } from '../lib/until.mjs';

story('pack: all of it works with no signal after a restart, and what was done there arrives exactly once', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.openPack();
  await phone.keptOnPhone();

  // The server dies, the signal goes, the phone is switched off and on.
  await provider.kill();
  await phone.loseSignal();
  await phone.context.close();
  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.open();
  await phone.sees(/No signal right now/);
  await phone.openPack();
  await phone.read('Sleep');
  await phone.read('Sleep starts in the morning');
  await phone.heading('In the next five minutes');
  await phone.heading('Where this comes from');
  await phone.read('Awake at two in the morning', /at two/);
  await phone.page.goBack();
  await phone.heading('Sleep starts in the morning');

  // In one's own spelling.
  await phone.openPack();
  await phone.finds('anxous', 'Anxiety');
  await phone.finds('cant slepp', 'Awake at two in the morning');
  await phone.finds('brething', 'Slow breathing');

  // An exercise, begun and stopped.
  await phone.read('Slow breathing');
  await phone.press('Start');
  await phone.sees('Breathe in');
  await phone.press('Stop');
  await phone.heading('You’ve stopped');
  await phone.press('This helped');
  await phone.page.getByRole('button', { name: 'This helped', pressed: true }).waitFor();

  // A note for herself, one for Dee too, and something she lets Dee see of what she read.
  await phone.addNote('What Mam says', 'This too.');
  await phone.sees('Saved on this phone. It will go when you have signal.');
  await phone.press('Put in my first-aid box');
  await phone.page.getByRole('button', { name: 'In my first-aid box' }).waitFor();
  await phone.addNote('Before a visit', 'Ring twice, then wait.', { shared: true });
  await phone.readNamed('hope');
  await phone.heading('Hope, for people');
  await phone.press('Save this page');
  await phone.page.getByRole('radio', { name: 'Let Dee and Pat see what I put here' }).check();
  await phone.page.getByRole('button', { name: 'Saved', exact: true }).waitFor();

  // Signal comes back to two tabs at once.
  const tab = await phone.anotherTab();
  await tab.load(`${provider.url}/#/pack`);
  await tab.heading('My pack');
  await tab.sees('What Mam says');
  await provider.start();
  await phone.findSignal();
  await Promise.all([phone, tab].map((one) => one.look()));
  await tab.page.getByRole('link', { name: 'What Mam says' }).click();
  await tab.gone('It will go when you have signal.');
  const hers = await world.deviceOf(rhian);
  const [helped, kept] = [await world.piece('slow-breathing'), await world.piece('hope')];
  const pack = await until(() => hers.get('/me/pack'), (one) => one.first_aid && one.marks[kept.id]?.shared);
  assert.deepEqual(pack.additions.map((one) => [one.title, one.text, one.shared]).sort(), [['Before a visit', 'Ring twice, then wait.', true], ['What Mam says', 'This too.', false]]);
  assert.deepEqual(pack.first_aid, pack.additions.filter((one) => !one.shared).map((one) => one.id));
  const { helped: said, shared } = pack.marks[helped.id];
  assert.deepEqual([said, shared], ['helped', false]);
  assert.ok(pack.marks[kept.id].bookmarked);

  // Dee is told what was shared with her, by the API and on her page.
  const seen = (await dee.get(`/team/clients/${rhian.id}/pack`)).shared;
  assert.deepEqual([seen.marks.map((one) => one.title), seen.additions.map((one) => one.title)], [[kept.title], ['Before a visit']]);
  const desk = await world.deskOf(dee);
  await desk.wholePage(rhian);
  await desk.sees('Rhian shares 2 things.');
  await desk.page.getByRole('link', { name: 'Open the pack' }).click();
  await desk.sees('Ring twice, then wait.');
  await desk.sees(kept.title);
  await desk.sees('Rhian decides what to share. What isn’t shared is not shown here.');
  assert.doesNotMatch(await desk.text(), /What Mam says|This too|Slow breathing/);
});

story('pack: chosen with a worker’s words, in her order, and one of it at hand in the first-aid box', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.sees('You and your worker can choose things together. They will be here, with why.');

  const desk = await world.deskOf(dee);
  await desk.wholePage(rhian);
  await desk.page.getByRole('link', { name: 'Open the pack' }).click();
  await desk.heading('Resilience pack: Rhian');
  await desk.unfold('Add from the library');
  const why = { 'Worry time': 'For the bus, when it starts.', 'Awake at two in the morning': 'You said the nights are longest.' };
  for (const [title, words] of Object.entries(why)) {
    await desk.page.getByLabel('Find a piece').fill(title);
    await desk.press(new RegExp(`^Add.*${title}$`));
    await desk.page.getByRole('listitem').filter({ hasText: title }).getByLabel(/^Why I chose this for you/).fill(words);
  }
  await desk.press(/^Up.*Awake at two in the morning$/);
  await desk.sees('“Awake at two in the morning” is now number 1 of 2.');
  await desk.press('Save the pack');
  await desk.sees('Saved. Rhian’s phone shows it the next time it has signal.');

  await phone.aMinuteLater();
  await phone.sees('Dee: “You said the nights are longest.”');
  await phone.sees('Dee: “For the bus, when it starts.”');
  assert.deepEqual(await phone.titles('Chosen for you'), ['Awake at two in the morning', 'Worry time']);

  // Into the box, which is one tap from Today and from the pack.
  await phone.read('Awake at two in the morning');
  await phone.press('Put in my first-aid box');
  await phone.page.getByRole('button', { name: 'In my first-aid box' }).waitFor();
  for (const from of ['Today', 'Pack']) {
    await phone.go(from);
    await phone.page.getByRole('link', { name: /^My first-aid box/ }).click();
    await phone.page.getByRole('heading', { name: 'My first-aid box' }).waitFor();
    await phone.page.locator('main').getByRole('link', { name: /Awake at two in the morning/ }).waitFor();
    await phone.sees(/Ring 01632 960 000/);
  }

  // A piece that somebody took out of the library before this was saved is told by its name.
  desk.context.expect(/status of 422/);
  await desk.page.getByLabel('Find a piece').fill('Anger');
  await desk.press(/^Add.*Anger$/);
  await world.lead.post(`/team/resources/${(await world.piece('anger')).id}/retire`, { withdraw: false });
  await desk.press('Save the pack');
  await desk.sees('“Anger”: This is not offered in the library.');
  await desk.press(/^Take out.*Anger$/);
  await desk.gone('There are changes that are not saved yet.');
});

story('pack: one suggestion after a check-in, with its why, and never again what was not for her', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  const suggested = async () => {
    const link = phone.suggestion.getByRole('link');
    await link.waitFor();
    assert.equal(await phone.suggestion.count(), 1, 'one suggestion');
    assert.equal(await link.count(), 1, 'of one piece');
    return link.innerText();
  };
  const checkIn = async () => {
    await phone.checkIn({ 'How has your mood been?': 5, 'How have you been sleeping?': 2 });
    await phone.sees('Why this one: of what you answered today, your sleep was the hardest part.');
    return suggested();
  };

  const first = await checkIn();
  await phone.go('Today');
  await phone.sees('Because your sleep was the hardest part of today’s check-in.');
  assert.equal(await suggested(), first, 'Today suggests the same');
  await phone.read(first);
  await phone.press('Not for me');
  await phone.sees('We won’t suggest this one again.');
  await phone.go('Today');
  const instead = await suggested();
  assert.notEqual(instead, first, 'something else at once');

  // There are four pieces about sleep; without the mark the first would be back by the third time.
  const later = [await checkIn(), await checkIn(), await checkIn()];
  assert.ok(!later.includes(first), `${first} is not suggested again: ${later.join(', ')}`);
  assert.ok(new Set([instead, ...later]).size > 1, 'and not always the same');

  // Nothing was hard: nothing from the pack is pressed on her.
  await phone.checkIn({ 'How has your mood been?': 6, 'How have you been sleeping?': 6 });
  await phone.sees(/Harbour Support has it/);
  await phone.heading('One thing that may help');
  assert.equal(await phone.suggestion.getByRole('link').count(), 0);
});

story('pack: what changes while it is read changes when the reader says so', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const written = await world.publish(text({ title: 'A warm drink', body: '## In the next five minutes\n\nPut the kettle on.' }));
  const wrong = await world.publish(text({ title: 'Cold tea', body: 'Drink it cold.' }));
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.read('Sleep');
  await phone.read('A warm drink');
  const other = await phone.anotherTab();
  await other.readNamed(wrong.slug);
  await other.sees('Drink it cold.');

  await world.publish(text({ title: 'A warm drink', body: '## In the next five minutes\n\nFill a flask for tonight.' }), written);
  const desk = await world.deskOf(world.lead);
  await desk.openPiece('Cold tea');
  await desk.unfold('Take this out of the library');
  await desk.page.getByRole('radio', { name: /^Withdraw it/ }).check();
  await desk.press('Take it out');
  await desk.agree('Withdraw it');
  await desk.sees('Withdrawn. Phones drop it the next time they have signal.');

  await phone.aMinuteLater();
  await phone.sees('There is a newer version.');
  assert.match(await phone.article.innerText(), /Put the kettle on\./);
  await phone.press('Show it');
  await phone.sees('Fill a flask for tonight.');
  assert.doesNotMatch(await phone.article.innerText(), /kettle/);
  await phone.gone('There is a newer version.');

  // The withdrawn page is not pulled away from under her eyes; when she has left it, it is gone from everywhere.
  await other.aMinuteLater();
  await other.sees('Drink it cold.');
  await other.openPack();
  await other.read('Sleep');
  await other.sees('A warm drink');
  await other.gone('Cold tea');
  await other.readNamed(wrong.slug);
  await other.heading('This is not in your pack');
  await other.readNamed(written.slug);
  await other.sees('Fill a flask for tonight.');
});

story('pack: a page says who reviewed it, and until then that nobody has', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.readNamed('money');
  await phone.sees(/Not yet reviewed by Harbour Support/);

  const desk = await world.deskOf(world.lead);
  await desk.openPiece('Money, when there isn\'t much of it');
  await desk.sees('Nobody here has reviewed this text yet.');
  await desk.press('Sign as Pat Lead');
  await desk.sees('Tick the box first.');
  await desk.page.getByLabel('I have read this and it is right for our clients').check();
  await desk.press('Sign as Pat Lead');
  await desk.sees('Signed. Thank you.');
  await desk.sees(/^Pat Lead read this text on .* and stands by it\.$/);

  await phone.aMinuteLater();
  await phone.press('Show it');
  await phone.sees(/Reviewed by Pat Lead, \d+ \w+/);
  assert.equal(await phone.page.getByText('Not yet reviewed').count(), 0);
});

story('pack: that a page for no other eyes was opened is written down nowhere', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  for (const slug of ['when-home-isnt-safe', 'anger']) {
    await phone.readNamed(slug);
    await phone.heading('Where this comes from');
    await phone.aMinuteLater();
    await phone.openPack();
  }
  const hers = await world.deviceOf(rhian);
  const [safe, anger] = [await world.piece('when-home-isnt-safe'), await world.piece('anger')];
  const { marks } = await until(() => hers.get('/me/pack'), (one) => one.marks[anger.id]?.opened_at);
  assert.equal(marks[safe.id], undefined);
});
