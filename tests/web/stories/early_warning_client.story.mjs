// Early warning on the client's phone: answering a flag, agreeing what is usual, and choosing what is shown.
import assert from 'node:assert/strict';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';
import { until } from '../lib/until.mjs';

const openFlagsOf = async (worker, client) => (await worker.get('/team/flags?state=open')).items.filter((flag) => flag.client.id === client.id);

story('early warning: a flag opens with what helps, and an answer to it closes nothing', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const hers = await world.deviceOf(rhian);
  const breathing = await world.piece('slow-breathing');
  await hers.put('/me/pack/first-aid', { ids: [breathing.id], changed_at: new Date().toISOString() });

  const phone = await world.phoneOf(rhian);
  await phone.fromToday('See what and why');
  await phone.sees('Open my first-aid box');
  await phone.sees(/^In it: Slow breathing/);
  await phone.page.locator('main').getByRole('link', { name: /^Ring / }).waitFor();
  await phone.page.getByRole('link', { name: 'I’d like someone to contact me' }).waitFor();
  await phone.sees(/Whatever you answer, Dee can see this\./);

  await phone.page.getByLabel('I’m not sure').check();
  await phone.page.getByLabel('A few words, if you want').fill('It may be the new tablets.');
  await phone.press('Save my answer');
  await phone.sees('Harbour Support has your answer: “I’m not sure”. You can change it.');
  await phone.sees('Your words: “It may be the new tablets.”');

  // For the team it is as open as before, with her answer beside it.
  const [flag] = await openFlagsOf(dee, rhian);
  assert.equal(flag.state, 'open');
  assert.deepEqual([flag.answer.answer, flag.answer.words], ['not_sure', 'It may be the new tablets.']);
  await dee.post(`/team/flags/${flag.id}/acknowledge`);
  await phone.open();
  await phone.page.getByRole('link', { name: 'See what and why' }).click();
  await phone.sees(/Seen by Dee today at \d\d:\d\d\. Whatever you answer, Dee still sees this\./);
  await phone.sees('Your words: “It may be the new tablets.”');

  // Another answer takes its place, from a phone with no signal too.
  await phone.loseSignal();
  await phone.page.getByLabel('Yes, please talk to me').check();
  await phone.press('Save my answer');
  await phone.sees('Saved on this phone: “Yes, please talk to me”. It will go when you have signal.');
  await phone.sees(/It may be a while before someone reads it\./);
  await phone.findSignal();
  await phone.look();
  await phone.sees('Harbour Support has your answer: “Yes, please talk to me”. You can change it.');

  // Closed by the team, it says so; asking to talk opens it again.
  await dee.post(`/team/flags/${flag.id}/resolve`, { outcome: 'talked_and_fine' });
  await phone.page.reload();
  await phone.sees(/Your team has closed this\. You can still answer\./);
});

story('early warning: what is usual is suggested, agreed with no signal, and in force when the answer arrives', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const phone = await world.phoneOf(rhian);
  await phone.load(`${world.provider.url}/#/my-usual`);
  await phone.sees(/Nothing has been agreed yet/);
  const first = await world.suggestUsual(rhian, dee, { words: 'Your good spring, as I remember it.' });

  await phone.open();
  await phone.sees('Dee has suggested what is usual when you are well.');
  await phone.keptOnPhone();
  await phone.loseSignal();
  await phone.page.getByRole('link', { name: 'See if it fits' }).click();
  await phone.heading('Dee suggests this as your usual');
  await phone.sees('Dee: “Your good spring, as I remember it.”');
  // Item by item, in words and on its own scale.
  await phone.sees(/^Usually about 5 of 7: .+ is usual for you\.$/);
  await phone.page.getByLabel('Not my usual').check();
  await phone.press('Save my answer');
  await phone.sees(/^Saved on this phone: “Not my usual”\./);

  // The phone is looked at again, still with no signal: nobody asks twice, and until it has gone the answer is hers to change.
  await phone.open();
  await phone.heading(/, Rhian$/);
  assert.equal(await phone.page.getByRole('link', { name: 'See if it fits' }).count(), 0);
  await phone.load(`${world.provider.url}/#/my-usual`);
  assert.ok(await phone.page.getByLabel('Not my usual').isChecked());
  await phone.page.getByLabel('Yes, that is me').check();
  await phone.page.getByLabel('A few words, if you want').fill('I slept well then.');
  await phone.press('Save my answer');
  await phone.sees(/^Saved on this phone: “Yes, that is me”\./);
  await phone.findSignal();
  await phone.look();
  await phone.sees('Harbour Support has your answer. This is your usual from now on.');
  await phone.sees('Dee suggested it, and you said that it is you.');

  const { current, proposed, history } = await dee.get(`/team/clients/${rhian.id}/baseline`);
  assert.deepEqual([current.id, current.agreed_how, current.answer_words, current.in_force], [first.id, 'on_phone', 'I slept well then.', true]);
  assert.equal(proposed, null);
  assert.equal(history.length, 1, 'two answers were saved and one was sent');

  // My check-ins say where the band comes from. What is agreed later takes its place, and nothing of it is lost.
  await phone.go('My check-ins');
  await phone.sees(/The pale band is your usual, as you agreed it\./);
  await world.suggestUsual(rhian, dee, { how: 'together' });
  await phone.load(`${world.provider.url}/#/me`);
  await phone.page.getByRole('link', { name: 'See my usual' }).click();
  await phone.look();
  await phone.page.reload();
  await phone.sees('Agreed together with Dee.');
  const before = phone.page.locator('section').filter({ has: phone.page.getByRole('heading', { name: 'What was before' }) });
  await before.getByText('You: “I slept well then.”').waitFor();
  await before.getByText('See the numbers').click();
  await before.getByText(/^Usually about/).first().waitFor();
});

story('early warning: an answer to a suggestion that was overtaken is told, and the newer one waits', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  await world.suggestUsual(rhian, dee, { words: 'First try.' });
  const phone = await world.phoneOf(rhian);
  await phone.fromToday('See if it fits');
  await phone.sees('Dee: “First try.”');
  await phone.loseSignal();
  await phone.page.getByLabel('Yes, that is me').check();
  await phone.press('Save my answer');
  await phone.sees(/^Saved on this phone/);
  const newer = await world.suggestUsual(rhian, dee, { words: 'Second try.', change: (item) => (/sleep/.test(item.text) ? { ...item, low: 2, centre: 3, high: 4 } : item) });

  phone.context.expect(/status of 409/);
  await phone.findSignal();
  await phone.look();
  await phone.sees(/would not take your answer: /);
  await phone.sees('Dee: “Second try.”');
  await phone.sees('These numbers were put in by hand.');
  await phone.press('All right');
  await phone.gone('would not take your answer');
  await phone.page.getByLabel('Not my usual').check();
  await phone.page.getByLabel('A few words, if you want').fill('I never slept like that.');
  await phone.press('Save my answer');
  await phone.sees('Harbour Support has your answer. Nothing has changed.');
  await phone.sees('It was not answered. Something newer took its place.');

  const { current, history } = await dee.get(`/team/clients/${rhian.id}/baseline`);
  assert.equal(current, null);
  assert.deepEqual(history.map(({ id, state, answer_words }) => [id === newer.id, state, answer_words]), [[true, 'declined', 'I never slept like that.'], [false, 'withdrawn', null]]);
});

story('early warning: who does not want to be shown changes is shown none, and the team still sees them', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const phone = await world.phoneOf(rhian);
  await phone.fromToday('See what and why');
  await phone.heading('A change from your usual');
  const address = phone.page.url();
  await phone.go('My check-ins');
  const sentence = await phone.page.locator('main .sentence').innerText();

  await phone.go('Me');
  await phone.sees('It starts like this for everybody. If it does not suit you, tell your team.');
  await phone.page.getByLabel('Show me when something changes').uncheck();
  await phone.sees('You are not shown changes from now on. Your team still sees them.');
  await phone.go('Today');
  await phone.heading(/, Rhian$/);
  assert.equal(await phone.page.getByRole('link', { name: 'See what and why' }).count(), 0);
  await phone.go('My check-ins');
  await phone.sees(/^Here are your last \d+ check-ins\.$/);
  assert.ok(!(await phone.text()).includes(sentence));
  await phone.load(address);
  await phone.sees('You chose not to be shown changes. You can turn that on again under Me.');
  assert.equal((await openFlagsOf(dee, rhian)).length, 1);
  assert.equal((await dee.get(`/team/clients/${rhian.id}`)).flags_shown, false);

  // With no signal nothing is changed, and the switch says what is so.
  await phone.go('Me');
  await phone.loseSignal();
  await phone.page.getByLabel('Show me when something changes').click();
  await phone.sees('Not changed. Try again when you have signal.');
  assert.ok(!(await phone.page.getByLabel('Show me when something changes').isChecked()));
  await phone.findSignal();
  await phone.page.getByLabel('Show me when something changes').check();
  await phone.sees('You are shown changes from now on.');
  await phone.go('Today');
  await phone.page.getByRole('link', { name: 'See what and why' }).click();

  // An answer that arrives while nothing is shown comes back without words, and leaves no empty ones on the phone.
  const whole = await phone.page.locator('blockquote').innerText();
  const hers = await world.deviceOf(rhian);
  await phone.loseSignal();
  await phone.page.getByLabel('I’m not sure').check();
  await phone.press('Save my answer');
  await phone.sees(/^Saved on this phone: “I’m not sure”\./);
  await hers.put('/me/sharing', { flags_shown: false });
  await phone.findSignal();
  await phone.look();
  await phone.sees('You chose not to be shown changes. You can turn that on again under Me.');
  assert.equal(await phone.page.locator('blockquote').count(), 0);
  assert.ok((await openFlagsOf(dee, rhian)).some((flag) => flag.answer?.answer === 'not_sure'), 'it has arrived');
  await hers.put('/me/sharing', { flags_shown: true });
  await phone.page.reload();
  await phone.sees('Harbour Support has your answer: “I’m not sure”. You can change it.');
  assert.equal(await phone.page.locator('blockquote').innerText(), whole);

  // How soon the team is told is theirs to choose, and hers to read.
  const rules = { sensitivity: 'later', silence: true };
  const { seen } = await dee.post(`/team/clients/${rhian.id}/assessments/replay`, { rules });
  await dee.put(`/team/clients/${rhian.id}/warning-rules`, { id: uuidv7(), ...rules, why: 'Rhian finds the small ones tiring.', seen });
  await phone.load(`${world.provider.url}/#/me`);
  await phone.page.reload();
  await phone.sees('Later: your team is told of larger changes only, and later when you go quiet, if that counts.');
  await phone.sees(/^Chosen by Dee, /);
});

story('early warning: having gone quiet is told gently, and is over on the phone with the next check-in', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const mei = await world.client('Mei', [dee]);
  await world.quiet(mei, dee);
  const [flag] = await openFlagsOf(dee, mei);
  assert.equal(flag?.kind, 'silence');

  const phone = await world.phoneOf(mei);
  await phone.sees('It has been quiet for a while');
  await phone.fromToday('See what your team sees');
  await phone.sees(/That is fine\. Checking in is never a duty, and you owe nobody a reason\./);
  assert.equal(await phone.page.locator('blockquote').innerText(), flag.sentence);
  assert.doesNotMatch(await phone.text(), /missed|!/);
  await phone.page.getByLabel('It was a one-off, I’m fine').check();
  await phone.press('Save my answer');
  await phone.sees('Harbour Support has your answer: “It was a one-off, I’m fine”. You can change it.');
  assert.equal((await openFlagsOf(dee, mei)).length, 1, 'the answer closed nothing');

  await phone.checkIn({ 'How has your mood been?': 5 });
  await phone.go('Today');
  await phone.heading(/, Mei$/);
  assert.equal(await phone.page.getByRole('link', { name: 'See what your team sees' }).count(), 0);

  // Her silence need not be a signal at all.
  await phone.go('Me');
  await phone.page.getByLabel('When I go quiet, my team may notice').uncheck();
  await phone.sees('Your team is not told from now on.');
  assert.equal((await dee.get(`/team/clients/${mei.id}`)).silence_counts, false);
});

story('early warning: what stands no longer says so, can still be answered, and comes back only for somebody who asks to talk', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const mei = await world.client('Mei', [dee]);
  await world.quiet(mei, dee);
  const phone = await world.phoneOf(mei);
  await phone.fromToday('See what your team sees');
  await phone.heading('It has been quiet for a while');
  const address = phone.page.url();
  const sentence = await phone.page.locator('blockquote').innerText();

  await phone.checkIn({ 'How has your mood been?': 5 });
  await phone.load(address);
  await phone.heading('It was quiet for a while');
  await until(() => openFlagsOf(dee, mei), ([flag]) => !flag?.stands_today);
  await phone.page.reload();
  await phone.sees('You have checked in since, or enough time has passed: this no longer stands. You can still read it and answer.');
  assert.equal(await phone.page.locator('blockquote').innerText(), sentence);
  assert.equal(await phone.page.getByRole('link', { name: 'Check in, if you feel like it' }).count(), 0);
  await phone.open();
  await phone.heading(/, Mei$/);
  assert.equal(await phone.page.getByRole('link', { name: 'See what your team sees' }).count(), 0);
  const [flag] = await openFlagsOf(dee, mei);
  assert.deepEqual([flag?.kind, flag?.stands_today], ['silence', false], 'for the team it is open until somebody says what came of it');

  // Whoever asks to talk keeps it before them until somebody has taken it.
  await phone.load(address);
  await phone.page.getByLabel('Yes, please talk to me').check();
  await phone.press('Save my answer');
  await phone.sees('Harbour Support has your answer: “Yes, please talk to me”. You can change it.');
  await phone.go('Today');
  await phone.heading('You asked to talk');
  await phone.sees(/^Nobody has taken it up yet\./);
  await dee.post(`/team/flags/${flag.id}/acknowledge`);
  await phone.open();
  await phone.gone('You asked to talk');
});
