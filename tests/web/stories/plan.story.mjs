// The stay-well plan on the client's phone: written when well, agreed by both, used on a bad day, and never overwritten.
import assert from 'node:assert/strict';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';

const line = (text) => ({ id: uuidv7(), text, beside: null });
const stage = (name, mine, { workers = [], others = [], signs = [] } = {}) => ({
  id: uuidv7(), name, mine: mine.map(line), workers: workers.map(line), others: others.map(line), signs: signs.map((text) => ({ ...line(text), item_id: null })),
});
const EMPTY = { keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], stages: [], want: [], do_not_want: [], tell: [], do_not_tell: [], people: [], rules: [] };
const bees = () => ({
  ...EMPTY,
  keeps_well: [line('Up before nine, and the bees first'), line('A walk to the river')],
  works: [line('Somebody who listens')],
  stages: [
    stage('All right', ['Carry on with the garden']),
    stage('A bit wobbly', ['Tell one person how it is', 'Do less tomorrow'], { workers: ['Dee rings and asks about the bees'], others: ['Mam comes on Thursday'], signs: ['I stop answering messages'] }),
  ],
  want: [line('To stay at home as long as I can')],
  do_not_want: [line('To be woken at night')],
  people: [{ id: uuidv7(), name: 'Mam', relation: 'mother', phone: '07700 900 456', note: 'Not before eight', beside: null }],
});
/** What Dee saves from her own app. */
const save = async (dee, client, body, based_on, seen = null) => dee.put(`/team/clients/${client.id}/plan`, { id: uuidv7(), based_on, body, seen });
const together = async (dee, client, body) => {
  const { id } = await save(dee, client, body, null);
  return dee.post(`/team/clients/${client.id}/plan/${id}/agree`, { how: 'together' });
};
const texts = (list) => list.map(({ text }) => text);
const open = (phone, place) => phone.load(`${phone.provider.url}/#/${place}`);
/** Opens one part of the plan to write in, and adds a line. */
async function writes(phone, part, words) {
  await open(phone, `plan-change/${part}`);
  await phone.press('Write something here');
  await phone.page.getByLabel('In your own words').fill(words);
  await phone.press('Done');
  await phone.page.getByRole('button', { name: words }).waitFor();
}
const shows = async (phone) => {
  await open(phone, 'plan-change');
  await phone.press('Show it to my team');
};

story('plan: begun by the client when well, one thing at a time, shown when ready, and agreed by both', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.go('Plan');
  await phone.sees(/It is best written when you are well/);
  await phone.page.getByRole('link', { name: 'Begin my plan' }).click();
  await phone.page.getByRole('link', { name: 'Begin with the first question' }).click();
  await phone.heading('What keeps me well');
  await phone.sees('What do you do on an ordinary good day that does you good?');
  await phone.page.getByText('Lines to begin with').click();
  await phone.press('Go outside for ten minutes');
  await phone.page.getByRole('list', { name: 'What keeps me well' }).getByText('Go outside for ten minutes').waitFor();
  await writes(phone, 'keeps_well', 'The bees first');

  // By keyboard: moved up, taken out, and put back.
  await phone.tabTo(/The bees first/);
  await phone.page.keyboard.press('Enter');
  await phone.tabTo(/^Up$/);
  await phone.page.keyboard.press('Enter');
  await phone.tabTo(/^Remove$/);
  await phone.page.keyboard.press('Enter');
  await phone.sees('Removed: The bees first');
  await phone.page.keyboard.press('Enter');
  await phone.gone('Removed: The bees first');

  // Some is skipped. Steps are named, and one of them is written.
  await open(phone, 'plan-change/stages');
  await phone.page.getByText('Lines to begin with').click();
  await phone.press('I’m all right');
  await phone.press('A bit wobbly');
  await phone.page.getByRole('link', { name: /^A bit wobbly/ }).click();
  const mine = phone.part('What I do');
  await phone.press('Write something here', mine);
  await phone.page.getByLabel('In your own words').fill('Tell one person');
  await phone.page.keyboard.press('Enter');
  await mine.getByRole('button', { name: 'Tell one person' }).waitFor();

  // The app is closed. Nobody has been shown anything, and nothing is lost.
  assert.deepEqual((await dee.get(`/team/clients/${rhian.id}/plan`)).draft, null);
  await phone.stored(/Tell one person/, { name: 'plan_writing' });
  await open(phone, 'plan-change');
  await phone.page.reload();
  await phone.sees('Kept on this phone while you write. Nobody else sees it until you show it to your team.');
  await phone.sees(/Dee .*can read them then\./);
  await phone.press('Show it to my team');
  await phone.sees('Your team can see it');
  await phone.sees('Waiting for Dee to agree.');
  const { draft } = await dee.get(`/team/clients/${rhian.id}/plan`);
  assert.deepEqual(texts(draft.body.keeps_well), ['The bees first', 'Go outside for ten minutes']);
  assert.deepEqual(draft.body.stages.map(({ name, mine }) => [name, texts(mine)]), [['I’m all right', []], ['A bit wobbly', ['Tell one person']]]);

  // Both say yes, each where they are.
  await phone.press('I agree with this plan');
  await phone.sees(/^You agreed on /);
  await dee.post(`/team/clients/${rhian.id}/plan/${draft.id}/agree`, { how: 'mine' });
  await phone.go('Plan');
  await phone.look();
  await phone.page.reload();
  await phone.heading('Where am I now?');
  await phone.page.getByRole('link', { name: 'Read the whole plan' }).click();
  await phone.sees(/^Version 1\. You agreed on .+ Dee agreed on /);

  // Dee writes in it: it waits for Rhian on Today, who sees what is different before she says yes.
  const body = structuredClone(draft.body);
  body.works = [line('Quiet')];
  body.keeps_well = body.keeps_well.slice(1);
  const second = await save(dee, rhian, body, draft.id);
  await dee.post(`/team/clients/${rhian.id}/plan/${second.id}/agree`, { how: 'mine' });
  await phone.open();
  await phone.page.reload();
  await phone.sees(/^Dee agrees with how your plan is now, and asks what you say\./);
  await phone.page.getByRole('link', { name: 'Have a look' }).click();
  const changes = phone.part('What is different from the agreed plan');
  await changes.getByText('Added to “What works for me”').waitFor();
  await changes.getByText('Taken out of “What keeps me well”').waitFor();
  await phone.press('I agree with this plan');
  await phone.sees(/^You have both agreed\. This is your plan now\. Version 2\./);

  // Who changed what, and the plan as it was.
  await open(phone, 'plan-history');
  await phone.sees(/^Dee wrote this /);
  await phone.page.getByText('2 changes').click();
  await phone.sees('Quiet');
  await phone.page.getByRole('link', { name: /^Open the plan as it was then.*You wrote this/ }).click();
  await phone.sees('The bees first');
});

story('plan: agreed together in one room, and a yes that came too late is told kindly', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const first = await together(dee, rhian, bees());
  const phone = await world.phoneOf(rhian);
  await open(phone, 'plan-all');
  await phone.sees(/^Version 1\. Agreed together, you and Dee, on /);

  const body = structuredClone(first.body);
  body.keeps_well[0].text = 'The bees first';
  const second = await save(dee, rhian, body, first.id);
  await open(phone, 'plan-draft');
  await phone.page.reload();
  await phone.sees('You have not said yet whether you agree.');
  await phone.loseSignal();
  await phone.press('I agree with this plan');
  await phone.sees('Your yes is saved on this phone. It goes when you have signal.');
  await save(dee, rhian, { ...body, works: [line('Quiet')] }, second.id);
  await phone.findSignal();
  await phone.look();
  await phone.sees('Your plan changed before your yes arrived, so the yes was not counted. Nothing is lost. Please look at it again.');
  await phone.press('All right');
  await phone.gone('Your plan changed before your yes arrived');
  await phone.sees('Quiet');
  await phone.press('I agree with this plan');
  await phone.sees(/^You agreed on /);
  assert.ok((await dee.get(`/team/clients/${rhian.id}/plan`)).draft.client_agreed);
});

story('plan: two change it at once, one with no signal: both are kept, shown side by side, and the client chooses', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const first = await together(dee, rhian, bees());
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await open(phone, 'plan-all');
  await phone.sees('A walk to the river');
  await phone.keptOnPhone();
  await phone.loseSignal();

  // With no signal: a line in other words, and a line of her own.
  await open(phone, 'plan-change/keeps_well');
  await phone.page.getByRole('button', { name: 'A walk to the river' }).click();
  await phone.page.getByLabel('In your own words').fill('A walk to the sea');
  await phone.press('Done');
  await writes(phone, 'important', 'My bees');
  await shows(phone);
  await phone.sees('Your team can’t see it yet. It goes when you have signal.');
  await phone.sees('A walk to the sea');

  // And on: what she writes after that goes after it. The phone is switched off and on.
  await writes(phone, 'important', 'My own front door');
  await shows(phone);
  await phone.sees('My own front door');
  await phone.stored(/My own front door/, { store: 'outbox' });
  await phone.context.close();

  // Meanwhile Dee changes the same line.
  const body = structuredClone(first.body);
  body.keeps_well[1].text = 'A walk to the river and back';
  body.works.push(line('Quiet'));
  await save(dee, rhian, body, first.id);

  phone = await world.phoneWith(profile);
  await open(phone, 'plan-draft');
  await phone.heading('One line is there in two wordings');
  for (const words of ['A walk to the sea', 'A walk to the river and back', 'My bees', 'My own front door', 'Quiet']) await phone.sees(words);
  const { draft } = await dee.get(`/team/clients/${rhian.id}/plan`);
  assert.deepEqual(texts(draft.body.keeps_well).sort(), ['A walk to the river and back', 'A walk to the sea', 'Up before nine, and the bees first'].sort());
  assert.deepEqual([texts(draft.body.important), texts(draft.body.works), draft.doubled, draft.merged], [['My bees', 'My own front door'], ['Somebody who listens', 'Quiet'], 1, true]);

  await phone.page.getByRole('link', { name: 'Choose the words' }).click();
  await phone.page.getByRole('button', { name: /^Keep .+, A walk to the sea$/ }).click();
  await phone.sees('There is no line in two wordings now.');
  await phone.page.getByRole('link', { name: 'All parts' }).click();
  await phone.press('Show it to my team');
  await phone.sees('Your team can see it');
  const after = (await dee.get(`/team/clients/${rhian.id}/plan`)).draft;
  assert.deepEqual([texts(after.body.keeps_well), after.doubled], [['Up before nine, and the bees first', 'A walk to the sea'], 0]);

  // Nothing of it is gone from the history, not even what was sent while it was overtaken.
  await open(phone, 'plan-history');
  await phone.sees(/^Put together /);
  await phone.sees('Something else had been written meanwhile, so both were put together. This is what was sent.');
  await phone.sees('1 line in two wordings');
});

story('plan: on a bad day, with no signal and after a restart: where am I, what helps now, and people to ring', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await together(dee, rhian, bees());
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.sees('Your plan says');
  await phone.keptOnPhone();
  await world.provider.kill();
  await phone.loseSignal();
  await phone.context.close();

  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.open();
  await phone.go('Plan');
  await phone.heading('Where am I now?');
  await phone.page.getByRole('link', { name: /^A bit wobbly/ }).click();
  await phone.page.getByRole('heading', { name: 'A bit wobbly', level: 1 }).waitFor();
  assert.deepEqual((await phone.page.locator('main h2').allInnerTexts()).slice(0, 5), ['What I do', 'What my worker does', 'What others do', 'My people', 'If I become unwell']);
  await phone.sees('Tell one person how it is');
  await phone.sees('To be woken at night');
  assert.equal(await phone.page.getByRole('link', { name: /^Ring Mam/ }).getAttribute('href'), 'tel:07700900456');
  await phone.page.locator('main').getByRole('link', { name: /^Ring 01632 960 000/ }).waitFor();
  await phone.page.getByRole('link', { name: 'I’d like someone to contact me' }).waitFor();
  await phone.page.getByRole('link', { name: 'Ask for contact' }).waitFor();
  assert.doesNotMatch(await phone.text(), /!|risk|relapse|crisis|alarm/i);
});

story('plan: on paper there is the plan, whose it is and who agreed it, and nothing to press', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await together(dee, rhian, bees());
  const phone = await world.phoneOf(rhian, { viewport: { width: 794, height: 1123 } });
  await open(phone, 'plan-all');
  await phone.sees('A walk to the river');
  await phone.page.emulateMedia({ media: 'print' });
  const paper = await phone.page.locator('body').innerText();
  for (const words of ['My stay-well plan', 'Rhian', 'Version 1. Agreed together by Rhian and Dee on', String(new Date().getUTCFullYear()), 'Step 2', 'A bit wobbly', '07700 900 456', 'To be woken at night']) assert.ok(paper.includes(words), words);
  assert.equal(await phone.page.locator('a, button').filter({ visible: true }).count(), 0, 'nothing to press');
  await phone.picture('plan-paper');
  await phone.page.emulateMedia({ media: null });
});

story('plan: the step she is on, said in a check-in, opens what helps there at once and stands on Today', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const { body } = await together(dee, rhian, bees());
  const phone = await world.phoneOf(rhian);
  await phone.page.getByRole('link', { name: 'Carry on' }).click();
  await phone.page.getByLabel('A bit wobbly').check();
  // Half filled and closed: it is still said.
  await phone.stored(/A bit wobbly/, { name: 'draft' });
  await phone.page.reload();
  await phone.page.getByLabel('A bit wobbly').waitFor();
  assert.ok(await phone.page.getByLabel('A bit wobbly').isChecked());
  await phone.answer('How has your mood been?', 4);
  await phone.loseSignal();
  await phone.press('Save my check-in');
  await phone.heading('Thank you');
  await phone.sees('You said: “A bit wobbly”');
  await phone.sees('Do less tomorrow');
  await phone.sees('Dee rings and asks about the bees');
  await phone.findSignal();
  await phone.look();
  await phone.sees(/^Harbour Support has it/);
  const [made] = (await dee.get(`/team/clients/${rhian.id}/check-ins`)).items;
  assert.deepEqual(made.stage, { id: body.stages[1].id, name: 'A bit wobbly' });
  await phone.go('Today');
  await phone.sees('Your plan says, for “A bit wobbly”');
  await phone.page.getByRole('link', { name: 'More that helps, and people to ring' }).click();
  await phone.sees('To stay at home as long as I can');

  // A step alone is enough to say.
  await open(phone, 'check-in');
  await phone.page.getByLabel('All right').check();
  await phone.press('Save my check-in');
  await phone.sees('Carry on with the garden');
  await phone.sees(/^Harbour Support has it/);
});

story('plan: a rule is looked at before the team gets it, says what it means at night, and goes with no signal', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  await together(dee, rhian, bees());
  const phone = await world.phoneOf(rhian);
  await phone.keptOnPhone();
  await open(phone, 'plan-change/rules');
  await phone.press('Add a rule');
  await phone.page.getByLabel('Which question?').selectOption({ label: 'How have you been sleeping?' });
  await phone.page.getByLabel('Which answer?').selectOption('2');
  await phone.page.getByLabel('How often?').selectOption('3');
  await phone.page.getByLabel('In my own words: what should happen?').fill('If I haven’t slept for three nights, ring me.');
  await phone.sees('Your team can see it straight away. Those who have turned messages on get one on working days, between 9 and 5.');
  await phone.page.getByLabel('Also at night').check();
  await phone.sees(/^A message goes straight away to the workers who support you, at night too, if they have turned messages on/);
  await phone.press('Done');

  // Not before it was looked at, and that needs signal.
  await phone.loseSignal();
  await phone.press('See what it would have told');
  await phone.sees(/^This needs signal, because/);
  await shows(phone);
  await phone.sees(/^One thing first: look at what your new rule would have told\./);
  await phone.signalIsBack();
  await open(phone, 'plan-change/rules');
  await phone.press('See what it would have told');
  await phone.heading('What it would have told');
  await phone.sees(/^It would have told your team (once|\d+ times):$/);
  await phone.sees(/If I haven’t slept for three nights, ring me/);
  await shows(phone);
  await phone.sees('Your team can see it');
  const { draft } = await dee.get(`/team/clients/${rhian.id}/plan`);
  assert.deepEqual(draft.body.rules.map(({ side, value, check_ins, at_night }) => [side, value, check_ins, at_night]), [['at_most', 2, 3, true]]);

  // When both have agreed it is what the flag says, with the plan beside it.
  await phone.press('I agree with this plan');
  await phone.sees(/^You agreed on /);
  await dee.post(`/team/clients/${rhian.id}/plan/${draft.id}/agree`, { how: 'mine' });
  await world.assessed();
  const hers = await world.deviceOf(rhian);
  const items = (await hers.get('/me/items')).items;
  const sleep = items.find((item) => item.key === 'sleep');
  await hers.put(`/me/check-ins/${uuidv7()}`, { recorded_at: new Date().toISOString(), answers: [{ item_id: sleep.id, value: 1 }] });
  await world.assessed();
  const flag = (await hers.get('/me/flags')).items.find((one) => one.plan?.rule);
  assert.ok(flag, 'the rule was met');
  await open(phone, `change/${flag.id}`);
  await phone.page.reload();
  await phone.sees('It was agreed in your plan: “If I haven’t slept for three nights, ring me.”');

  // Taking it out again needs no look and no signal.
  await phone.loseSignal();
  await open(phone, 'plan-change/rules');
  await phone.press(/^Remove/);
  await phone.sees('Removed: If I haven’t slept for three nights, ring me.');
  await shows(phone);
  await phone.sees('Your team can’t see it yet. It goes when you have signal.');
  await phone.findSignal();
  await phone.look();
  await phone.sees('Your team can see it');
  assert.deepEqual((await dee.get(`/team/clients/${rhian.id}/plan`)).draft.body.rules, []);
});
