// The stay-well plan and reminders, as the team meets them.
import assert from 'node:assert/strict';
import { DESK, PHONE } from '../lib/browser.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';

const button = (desk, name) => desk.page.getByRole('button', { name, exact: true });
const part = (desk, name) => desk.page.getByRole('group', { name, exact: true });
const line = (desk, name) => desk.page.getByLabel(name, { exact: true });
const goTo = async (desk, name) => {
  await desk.press(name, desk.page.getByRole('navigation', { name: 'Parts of the plan' }));
  await desk.page.getByRole('heading', { name: new RegExp(`^${name}, part`) }).waitFor();
};

const EMPTY = { keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], stages: [], want: [], do_not_want: [], tell: [], do_not_tell: [], people: [], rules: [] };
const written = (text) => ({ id: uuidv7(), text, beside: null });
const somePlan = (sleep = null) => ({
  ...EMPTY,
  keeps_well: [written('The bees, every other day')],
  stages: [
    { id: uuidv7(), name: 'I’m all right', signs: [], mine: [written('Keep to my mornings')], workers: [], others: [] },
    { id: uuidv7(), name: 'Getting wobbly', signs: [{ ...written('I sleep badly'), item_id: sleep }], mine: [written('Tell Mair how it is')], workers: [written('Ring me the same day')], others: [written('Mair brings soup')] },
  ],
  want: [written('To stay at home as long as I can')],
  do_not_tell: [written('My landlord')],
  people: [{ id: uuidv7(), name: 'Mair', relation: 'my sister', phone: '07700 900 456', note: 'Not before ten.', beside: null }],
});
/** A plan that both have agreed, without the pages. */
async function agreedPlan(worker, client, body = somePlan()) {
  const version = await worker.put(`/team/clients/${client.id}/plan`, { id: uuidv7(), based_on: null, body, seen: null });
  return worker.post(`/team/clients/${client.id}/plan/${version.id}/agree`, { how: 'together' });
}
const sleepOf = async (worker, client) => (await worker.get(`/team/clients/${client.id}/items`)).items.find((one) => one.key === 'sleep').id;

story('the plan: a first one, written with the questions and agreed together', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const desk = await world.deskOf(dee);
  await desk.clientPage(rhian);
  await desk.sees('There is no plan yet.');
  await desk.page.getByRole('link', { name: 'Stay-well plan', exact: true }).click();
  await desk.heading('Questions that help');
  await desk.sees('“What do you do on an ordinary good day that does you good?”');
  await desk.page.getByRole('link', { name: 'Begin the plan' }).click();
  await desk.page.locator('h1:focus').waitFor();

  // A line of ours to begin with, then one of hers, by the keyboard alone.
  const well = part(desk, 'What keeps Rhian well');
  await desk.sees('“What do you do on an ordinary good day that does you good?”', { within: well });
  await well.locator('summary').click();
  await desk.press('Go outside for ten minutes', well);
  await desk.page.keyboard.press('Enter');
  await line(desk, 'What keeps Rhian well, line 2').waitFor();
  await desk.page.keyboard.type('The bees, every other day');
  assert.equal(await line(desk, 'What keeps Rhian well, line 2').inputValue(), 'The bees, every other day');
  // Taken out by mistake, and put back where it was.
  await desk.press(/^Take out.*Go outside/, well);
  await desk.sees('“Go outside for ten minutes” is taken out.');
  await desk.press('Put it back', well);
  assert.equal(await line(desk, 'What keeps Rhian well, line 1').inputValue(), 'Go outside for ten minutes');
  await desk.press(/^Change the order/, well);
  await desk.press(/^Down.*Go outside/, well);
  assert.equal(await line(desk, 'What keeps Rhian well, line 2').inputValue(), 'Go outside for ten minutes');

  await goTo(desk, 'Stages');
  await desk.press('I’m all right');
  const first = desk.page.locator('li.stage').first();
  await desk.press(/^Add a line.*Rhian does/, first);
  await desk.page.keyboard.type('Keep to my mornings');
  await desk.press(/^Add a line.*How it shows/, first);
  await desk.page.keyboard.type('I sleep well');
  await first.getByLabel(/^Asked in check-ins/).selectOption({ label: 'How have you been sleeping?' });
  // A stage with lines wants a name, and says so where it is.
  await first.getByLabel('Its name, in Rhian’s words').fill('');
  await desk.press('Save as a draft');
  await desk.sees('Give this stage a name.');
  await desk.page.locator('[aria-invalid=true]:focus').waitFor();
  await first.getByLabel('Its name, in Rhian’s words').fill('I’m all right');

  // What is not saved is kept in this tab, and leaving is asked about.
  desk.page.once('dialog', (dialog) => dialog.accept());
  await desk.page.reload();
  await desk.sees(/^These are your words of/);
  await desk.page.getByRole('link', { name: 'Back to the plan' }).click();
  await desk.heading('Leave without saving?');
  await desk.press('Stay here', desk.page.getByRole('dialog'));
  await goTo(desk, 'People');
  await desk.press('Add a person');
  await desk.page.getByLabel('Name', { exact: true }).fill('Mair');
  await desk.page.getByLabel(/^Phone/).fill('07700 900 456');
  // While it is on its way nothing can be written that the answer would take away.
  let mayGo;
  const waits = new Promise((go) => (mayGo = go));
  await desk.page.route(/\/plan$/, (route) => (route.request().method() === 'PUT' ? waits.then(() => route.continue()) : route.continue()));
  await desk.press('Save as a draft');
  await desk.page.getByLabel('Name', { exact: true }).focus();
  await desk.page.keyboard.type(' and Huw');
  assert.equal(await desk.page.getByLabel('Name', { exact: true }).inputValue(), 'Mair');
  mayGo();
  await desk.sees('Saved as a draft. It counts once you have both agreed it.');
  await desk.sees('Nothing is agreed yet. Until it is, no stages, flags or rules come from this plan.');
  await desk.sees('Rhian has no phone joined, so it can only be agreed together, here.');
  assert.equal(await button(desk, 'I agree').count(), 0, 'there is no phone to wait for');

  // Nobody agrees for somebody who is not there.
  await desk.press('We agreed this together, here');
  await desk.agree('Put it in force');
  await desk.sees(/^Tick this first\./);
  await desk.page.getByLabel('Rhian is here with me, has read this version, and agrees').check();
  await desk.agree('Put it in force');
  await desk.sees('The plan is agreed by both, and in force.');
  await desk.sees(/Rhian and Dee Okafor agreed it together on/);
  const { current, draft } = await dee.get(`/team/clients/${rhian.id}/plan`);
  assert.deepEqual([current.number, current.client_agreed.how, draft], [1, 'together', null]);
  assert.deepEqual(current.body.keeps_well.map((one) => one.text), ['The bees, every other day', 'Go outside for ten minutes']);

  await desk.clientPage(rhian);
  await desk.sees('Version 1.');
  await desk.sees('Keep to my mornings');
  await desk.page.getByRole('link', { name: '07700 900 456' }).waitFor();
});

story('the plan: what client and worker write at once is both there, and people choose', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const hers = await world.deviceOf(rhian);
  const agreed = await agreedPlan(dee, rhian);
  const desk = await world.deskOf(dee);
  await desk.go(`#/clients/${rhian.id}/plan/write`);
  await desk.heading(/^Keeping well, part/);
  await line(desk, 'What keeps Rhian well, line 1').fill('The bees, each morning');

  // Meanwhile Rhian writes in hers: the same line in other words, and one of her own.
  const body = structuredClone(agreed.body);
  body.keeps_well[0].text = 'The bees and the allotment';
  body.keeps_well.push(written('A bath on Sundays'));
  await hers.put('/me/plan/draft', { id: uuidv7(), based_on: agreed.id, body, seen: null });
  await desk.sees('Rhian has changed the plan meanwhile. When you save, both are put together. Nothing is lost.');
  await desk.press('Save as a draft');
  await desk.heading('Saved, and put together with what came from Rhian');
  await desk.sees('A bath on Sundays');
  await desk.heading('One line in two wordings');
  const both = desk.page.locator('section').filter({ has: desk.page.getByRole('heading', { name: 'One line in two wordings' }) });
  for (const words of ['The bees and the allotment', 'The bees, each morning']) await desk.sees(words, { within: both });

  // Not chosen yet: it waits, and cannot be agreed like this.
  await desk.go(`#/clients/${rhian.id}/plan`);
  await desk.sees(/^One line stands there in two wordings/);
  assert.equal(await button(desk, 'I agree').count(), 0);
  await desk.page.getByRole('link', { name: 'Choose the wording' }).click();
  await desk.press(/^Keep this one.*The bees and the allotment/);
  await desk.press('Save as a draft');
  await desk.sees('Saved as a draft. It counts once you have both agreed it.');

  // A yes of ours, then Rhian's on her phone.
  await (await desk.unfold('What is different from the agreed plan')).getByText('A bath on Sundays').waitFor();
  await desk.press('I agree');
  await desk.sees(/^You have agreed\. Rhian sees it on the phone/);
  await desk.sees('It waits for Rhian’s yes.');
  const { draft } = await hers.get('/me/plan');
  await hers.post(`/me/plan/${draft.id}/agree`, { id: uuidv7() });
  await desk.page.getByRole('heading', { name: 'Version 2' }).waitFor();
  await desk.sees(/Rhian agreed it on the phone on/);

  // All of it is in the history, what was put aside too.
  await desk.page.getByRole('link', { name: 'All versions' }).click();
  await desk.heading('All versions of the plan: Rhian');
  await desk.sees('Agreed, and in force');
  await desk.sees(/Another change had come first\./);
  const rows = desk.page.locator('main ol > li');
  assert.ok((await rows.count()) >= 5, 'the agreed one, hers, ours, both together, and the choice');
  await rows.last().getByRole('link', { name: /^Open this version/ }).click();
  await desk.page.getByRole('heading', { name: 'Version 1' }).waitFor();
  await desk.sees('The bees, every other day');
  await desk.sees('An earlier version');
});

story('the plan: agreeing is about what was read', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const hers = await world.deviceOf(rhian);
  const path = `/team/clients/${rhian.id}/plan`;
  const draft = await dee.put(path, { id: uuidv7(), based_on: null, body: somePlan(), seen: null });
  const desk = await world.deskOf(dee);
  desk.context.expect(/status of 409/);
  await desk.go(`#/clients/${rhian.id}/plan`);
  await desk.heading('A draft waits');
  // Rhian writes just as Dee presses the button.
  let still = true;
  await desk.page.route('**/agree', async (route) => {
    if (!still) return route.continue();
    still = false;
    const body = structuredClone(draft.body);
    body.keeps_well[0].text = 'The bees, when I can';
    await hers.put('/me/plan/draft', { id: uuidv7(), based_on: draft.id, body, seen: null });
    await route.continue();
  });
  await desk.press('I agree');
  await desk.sees(/^It was changed meanwhile, so nothing was agreed\./);
  await desk.sees('The bees, when I can');
  assert.equal((await dee.get(path)).draft.worker_agreed, null);
  await desk.press('I agree');
  await desk.sees(/^You have agreed\./);

  // What she writes after that is another text, and the page does not go on saying that it is agreed.
  const agreed = (await dee.get(path)).draft;
  const body = { ...agreed.body, works: [written('Quiet')] };
  await hers.put('/me/plan/draft', { id: uuidv7(), based_on: agreed.id, body, seen: null });
  await desk.sees('It waits for Rhian’s yes and for yours.');
  await desk.gone('You have agreed.');
});

story('the plan: a rule is looked at first, and speaks beside the flag', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const sleep = await sleepOf(dee, rhian);
  await agreedPlan(dee, rhian, somePlan(sleep));
  const desk = await world.deskOf(dee);
  await desk.go(`#/clients/${rhian.id}/plan/write`);
  await desk.heading(/^Keeping well, part/);
  await goTo(desk, 'Rules');
  await desk.press('Add a rule');
  await desk.press('See what it would have raised');
  await desk.sees('Choose a question and a value, and write the words.');
  await desk.page.getByLabel('When the answer to').selectOption({ label: 'How have you been sleeping?' });
  await desk.page.getByLabel('Value').selectOption('2');
  await desk.page.getByLabel('Rhian’s words').fill('If I haven’t slept for three nights, ring me.');
  await desk.sees('When “How have you been sleeping?” is 2 or lower on 3 days with an answer, one after the other.');
  assert.equal(await button(desk, 'Save as a draft').count(), 0, 'nothing is saved unseen');
  await goTo(desk, 'People');
  await desk.sees('A rule is new or changed. See what it would have raised before you save.');
  await desk.press('Go to the rules');
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await desk.page.getByLabel('On how many days with an answer, one after the other').selectOption('2');
  await desk.sees('You changed something since. See it again before saving.');
  await desk.page.getByLabel('On how many days with an answer, one after the other').selectOption('3');
  await desk.heading('What it would have raised');

  // A look of another day does not count. It is shown again, and nothing typed is lost.
  desk.context.expect(/status of 409/);
  let still = true;
  await desk.page.route((url) => url.pathname.endsWith('/plan'), async (route) => {
    if (!still || route.request().method() !== 'PUT') return route.continue();
    still = false;
    await route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), seen: 'of yesterday' }) });
  });
  await desk.press('Save as a draft');
  await desk.sees(/^It was not saved: the last look was too old\./);
  assert.equal(await desk.page.getByLabel('Rhian’s words').inputValue(), 'If I haven’t slept for three nights, ring me.');
  await desk.press('Save as a draft');
  await desk.sees('Saved as a draft. It counts once you have both agreed it.');
  await desk.press('We agreed this together, here');
  await desk.page.getByLabel(/^Rhian is here with me/).check();
  await desk.agree('Put it in force');
  await desk.sees('The plan is agreed by both, and in force.');
  await desk.sees('“If I haven’t slept for three nights, ring me.”');

  // The next bad night: the flag says the rule, and what the plan says is beside it.
  const answers = (await dee.get(`/team/clients/${rhian.id}/items`)).items.map(({ id, key }) => ({ item_id: id, value: { mood: 2, sleep: 1, energy: 4, anxiety: 6, connection: 4 }[key] ?? null }));
  for (const hours of [24, 1]) await dee.put(`/team/clients/${rhian.id}/check-ins/${uuidv7()}`, { recorded_at: new Date(Date.now() - hours * 3_600_000).toISOString(), answers });
  await world.assessed();
  const [flag] = (await dee.get('/team/flags')).items;
  await desk.go(`#/flags/${flag.id}`);
  await desk.heading('What the plan says');
  await desk.sees('Stage: “Getting wobbly”', { within: desk.detail });
  await desk.sees('Ring me the same day', { within: desk.detail });
  await desk.sees('If I haven’t slept for three nights, ring me.', { within: desk.detail });
});

story('the plan: signing out leaves nothing of it in the tab', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const desk = await world.deskOf(dee);
  await desk.go(`#/clients/${rhian.id}/plan/write`);
  await desk.heading(/^Keeping well, part/);
  await desk.page.locator('h1:focus').waitFor();
  await desk.press(/^Add a line.*What keeps Rhian well/);
  await desk.page.locator('textarea:focus, input:focus').waitFor();
  await desk.page.keyboard.type('Something private');
  await desk.page.waitForFunction(() => JSON.stringify(sessionStorage).includes('Something private'));
  await desk.press('Dee');
  await desk.press('Sign out');
  await desk.heading('Sign in');
  assert.equal(await desk.page.evaluate(() => JSON.stringify(sessionStorage)), '{}');
});

story('the plan: the stage said in a check-in is told with it', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const hers = await world.deviceOf(rhian);
  const { body } = await agreedPlan(dee, rhian);
  const { items } = await hers.get('/me/items');
  const { id, name } = body.stages[1];
  await hers.put(`/me/check-ins/${uuidv7()}`, { recorded_at: new Date().toISOString(), answers: items.map((item) => ({ item_id: item.id, value: 4 })), stage: { id, name } });
  const desk = await world.deskOf(dee);
  await desk.clientPage(rhian);
  await desk.sees('Feels they are here in their plan: “Getting wobbly”');
});

story('reminders: made with the client, asked on the phone, and changed by both at once', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const hers = await world.deviceOf(rhian);
  await agreedPlan(dee, rhian);
  const desk = await world.deskOf(dee);
  await desk.wholePage(rhian);
  await desk.sees(/^No reminders yet\./);
  await desk.page.getByRole('link', { name: 'See and make reminders' }).click();
  await desk.heading('Reminders: Rhian');
  await desk.sees('Which reminders were answered is not shared with you. That is Rhian’s choice.');
  await desk.page.getByRole('link', { name: 'Make a reminder' }).click();
  await desk.heading('Make a reminder for Rhian');
  await desk.page.locator('h1:focus').waitFor();

  // Plain choices, and what they come to in plain words.
  await desk.press('Put it on');
  await desk.sees('Write what it says.');
  await desk.sees('Say how it was agreed.');
  await desk.page.getByLabel('A line of the agreed plan').check();
  await desk.page.getByLabel('Which line?').selectOption({ label: 'The bees, every other day' });
  assert.equal(await desk.page.getByLabel('What it says').inputValue(), 'The bees, every other day', 'the words of the line, until somebody writes others');
  await desk.page.getByLabel('What it says').fill('The bees');
  await desk.page.getByLabel('On a weekday of the month').check();
  await desk.page.getByLabel('Which one', { exact: true }).selectOption('last');
  await desk.page.getByLabel('Weekday', { exact: true }).selectOption('Friday');
  await desk.sees('Every month on the last Friday, at 09:00.');
  await desk.page.getByLabel('Monday to Friday').check();
  await desk.page.getByLabel('Time 1').fill('08:30');
  await desk.press('Add a time');
  await desk.page.getByLabel('Time 2').fill('18:00');
  await desk.page.getByLabel('For a number of days').check();
  await desk.page.getByLabel('On how many days').fill('10');
  const words = 'Monday to Friday, at 08:30 and 18:00, on 10 days.';
  await desk.sees(words);
  await desk.page.getByRole('radio', { name: /^Ask on the phone/ }).check();
  await desk.press('Send it to Rhian');
  await desk.sees('Sent. It begins once Rhian says yes on the phone.');
  await desk.sees('Waits for Rhian’s yes');
  await desk.sees(words);
  await desk.sees(/^From the plan: “The bees, every other day”/);

  // It does nothing before Rhian has said yes.
  const mine = async () => (await hers.get('/me/reminders')).reminders[0];
  const asked = await mine();
  assert.equal(asked.state, 'proposed');
  const put = (reminder, more) => {
    const { id, change, title, note, about, plan_line, schedule, paused_until } = reminder;
    return hers.put(`/me/reminders/${id}`, { title, note, about, plan_line, schedule, paused_until, state: 'on', ...more, change: uuidv7(), based_on: change });
  };
  await put(asked);
  await desk.page.reload();
  await desk.sees(words);
  assert.equal(await desk.page.getByText('Waits for Rhian’s yes').count(), 0);

  // Both change it at once: nothing is lost, and somebody chooses.
  await desk.page.getByRole('link', { name: /^Change.*The bees/ }).click();
  await desk.heading('Change a reminder of Rhian’s');
  await desk.page.getByLabel('Time 1').fill('07:15');
  await desk.page.getByRole('radio', { name: /^We agreed it together/ }).check();
  const before = await mine();
  await put(before, { schedule: { ...before.schedule, times: ['10:00'] } });
  desk.context.expect(/status of 409/);
  await desk.press('Put it on');
  await desk.heading('Rhian changed this reminder meanwhile');
  await desk.sees(/Monday to Friday, at 10:00, on 10 days\./);
  assert.equal(await desk.page.getByLabel('Time 1').inputValue(), '07:15', 'ours is still on the screen');
  await desk.press('Save mine in place of it');
  await desk.sees('It is on. Rhian’s phone has it the next time it has signal.');
  assert.deepEqual((await mine()).schedule.times, ['07:15', '18:00']);

  await hers.put('/me/sharing', { reminders_shared: true });
  await desk.page.reload();
  await desk.sees('Rhian shares which reminders were answered. It is not a test, and nobody has to answer.');
});

/** Every screen of the plan and of reminders, looked at hard. */
async function screens(world, screen, look) {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const mo = await world.client('Mo', [dee]);
  const hers = await world.deviceOf(rhian);
  await world.drift(rhian, dee);
  const sleep = await sleepOf(dee, rhian);
  const agreed = await agreedPlan(dee, rhian, somePlan(sleep));
  const body = structuredClone(agreed.body);
  body.keeps_well[0].text = 'The bees and the allotment';
  const theirs = await hers.put('/me/plan/draft', { id: uuidv7(), based_on: agreed.id, body, seen: null });
  const desk = await world.emptyDesk(screen);
  if (!screen.largeText) await desk.open();
  await desk.signIn(dee);

  await desk.go(`#/clients/${mo.id}`);
  await desk.sees('There is no plan yet.');
  await desk.sees(/^No reminders yet\./);
  await look(desk, 'client-no-plan');
  await desk.go(`#/clients/${mo.id}/plan`);
  await desk.heading('Questions that help');
  await look(desk, 'plan-none');
  await desk.go(`#/clients/${rhian.id}`);
  await desk.sees('A draft waits');
  await look(desk, 'client-plan');
  await desk.go(`#/clients/${rhian.id}/plan`);
  await desk.unfold('What is different from the agreed plan');
  await look(desk, 'plan');
  await desk.press('We agreed this together, here');
  await desk.agree('Put it in force');
  await desk.sees(/^Tick this first\./);
  await look(desk, 'plan-together');
  await desk.press('Cancel', desk.page.getByRole('dialog'));

  // Two wordings of one line.
  const other = structuredClone(agreed.body);
  other.keeps_well[0].text = 'The bees, each morning';
  await dee.put(`/team/clients/${rhian.id}/plan`, { id: uuidv7(), based_on: agreed.id, body: other, seen: null });
  await desk.go(`#/clients/${rhian.id}/plan/history`);
  await desk.sees('Agreed, and in force');
  await desk.page.locator('summary').first().click();
  await look(desk, 'plan-history');
  await desk.go(`#/clients/${rhian.id}/plan/${theirs.id}`);
  await desk.sees('The bees and the allotment');
  await look(desk, 'plan-version');
  await desk.go(`#/clients/${rhian.id}/plan/write`);
  await desk.heading('One line in two wordings');
  await desk.press(/^Change the order|^Add a line/);
  await look(desk, 'plan-wordings');
  await goTo(desk, 'Stages');
  await look(desk, 'plan-stages');
  await goTo(desk, 'People');
  await look(desk, 'plan-people');
  await goTo(desk, 'Advance statement');
  await desk.page.locator('summary').first().click();
  await look(desk, 'plan-advance');
  await goTo(desk, 'Rules');
  await desk.press('Add a rule');
  await desk.press('See what it would have raised');
  await desk.sees('Choose a question and a value, and write the words.');
  await look(desk, 'plan-rule-wrong');
  await desk.page.getByLabel('When the answer to').selectOption({ label: 'How have you been sleeping?' });
  await desk.page.getByLabel('Value').selectOption('2');
  await desk.page.getByLabel('Rhian’s words').fill('If I haven’t slept for three nights, ring me.');
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await look(desk, 'plan-rule-seen');
  await desk.go('#/');
  await desk.agree('Leave');
  await desk.heading('Inbox');

  const [flag] = (await dee.get('/team/flags')).items;
  await desk.go(`#/flags/${flag.id}`);
  await desk.sees('Days it stood', { within: desk.detail });
  await look(desk, 'plan-flag');

  await desk.go(`#/clients/${rhian.id}/reminders/new`);
  await desk.heading('Make a reminder for Rhian');
  await desk.page.locator('h1:focus').waitFor();
  await desk.page.getByLabel('On some days of the week').check();
  await desk.page.getByLabel('Until a day').check();
  await desk.press('Put it on');
  await desk.sees('Write what it says.');
  await look(desk, 'reminder-wrong');
  await desk.page.getByLabel('What it says').fill('Wind down');
  await desk.page.getByLabel('No end').check();
  await desk.page.getByRole('radio', { name: /^Ask on the phone/ }).check();
  await desk.press('Send it to Rhian');
  await desk.sees('Waits for Rhian’s yes');
  await look(desk, 'reminders');
}

const looks = {
  'at a desk': [DESK, (desk, name) => desk.passes(`desk-${name}`)],
  'on a small phone, and in the dark': [PHONE, async (desk, name) => {
    await desk.passes(`small-${name}`);
    await desk.inTheDark(() => desk.passes(`dark-${name}`));
  }],
  'with text twice as large': [{ ...PHONE, largeText: true }, (desk, name) => desk.passes(`large-${name}`)],
};
for (const [how, [screen, look]] of Object.entries(looks)) (how.startsWith('with') ? storyInSoak : story)(`screens: the plan and reminders in the team’s app, ${how}`, (world) => screens(world, screen, look));
