// Every screen of the plan on the client's phone, looked at hard (lib/screen.mjs).
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';

const line = (text) => ({ id: uuidv7(), text, beside: null });
const EMPTY = { keeps_well: [], important: [], works: [], does_not_work: [], triggers: [], stages: [], want: [], do_not_want: [], tell: [], do_not_tell: [], people: [], rules: [] };
const LONG = 'It’s getting hard to leave the house, and everything is too loud';
const full = (sign) => ({
  ...EMPTY,
  keeps_well: ['Up before nine, and the bees first', 'A walk to the river', 'Ring Mam on Sundays'].map(line),
  important: [line('Ask me, don’t tell me')],
  triggers: [line('Letters from the benefits office')],
  works: [line('Being outside')],
  does_not_work: [line('Being told to calm down')],
  stages: [
    { id: uuidv7(), name: 'All right', signs: [{ ...line('I hum when I cook'), item_id: null }], mine: [line('Carry on with the garden')], workers: [], others: [] },
    {
      id: uuidv7(), name: 'A bit wobbly', signs: [{ ...line('I stop answering messages'), item_id: null }, { ...line('I hardly sleep'), item_id: sign }],
      mine: ['Tell one person how it is', 'Do less tomorrow'].map(line), workers: [line('Dee rings and asks about the bees first')], others: [line('Mam comes on Thursday')],
    },
    { id: uuidv7(), name: LONG, signs: [], mine: [line('Open the first-aid box')], workers: [line('Come round for tea the same day')], others: [] },
  ],
  want: [line('To stay at home as long as I can')],
  do_not_want: [line('To be woken at night')],
  tell: [line('My sister Carys')],
  do_not_tell: [line('The allotment people')],
  people: [{ id: uuidv7(), name: 'Mam', relation: 'mother', phone: '07700 900 456', note: 'Not before eight', beside: null }],
});

/** Goes through the plan as a person does, from none at all to one in two wordings, and calls `look` on every screen there is. */
async function everyScreen(world, phone, look) {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const path = `/team/clients/${rhian.id}/plan`;
  const go = (place) => phone.load(`${world.provider.url}/#/${place}`);
  const titled = (name) => phone.page.getByRole('heading', { name, level: 1 }).waitFor();
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.go('Plan');
  await phone.sees(/It is best written when you are well/);
  await look('empty');
  await phone.page.getByRole('link', { name: 'Begin my plan' }).click();
  await titled('Begin my plan');
  await look('begin');
  await phone.page.getByRole('link', { name: 'Begin with the first question' }).click();
  await titled('What keeps me well');
  await phone.page.getByText('Lines to begin with').click();
  await phone.press('Write something here');
  await look('begin-part');

  const { items } = await dee.get(`/team/clients/${rhian.id}/items`);
  const body = full(items.find((item) => item.key === 'sleep').id);
  const first = await dee.put(path, { id: uuidv7(), based_on: null, body, seen: null });
  await dee.post(`${path}/${first.id}/agree`, { how: 'together' });
  await phone.go('Today');
  await phone.page.reload();
  await phone.sees('Your plan says');
  await look('today');
  await phone.go('Plan');
  await titled('Where am I now?');
  await look('now');
  await phone.page.getByRole('link', { name: /^A bit wobbly/ }).click();
  await titled('A bit wobbly');
  await look('step');
  await go('plan-all');
  await phone.sees(/^Version 1\./);
  await look('all');

  await go('plan-change/keeps_well');
  await phone.press('A walk to the river');
  await phone.page.getByLabel('In your own words').fill('A walk to the sea, or to the bench if it rains');
  await look('part');
  await phone.press('Remove');
  await phone.sees(/^Removed: /);
  await look('part-removed');
  await phone.press('Put it back');
  await go('plan-change/stages');
  await titled('My steps');
  await look('stages');
  await phone.page.getByRole('link', { name: /^A bit wobbly/ }).click();
  await phone.press('I hardly sleep');
  await look('stage');
  await go('plan-change/people');
  await phone.press('Add a person');
  await look('people');
  await go('plan-change/rules');
  await phone.press('Add a rule');
  await phone.page.getByLabel('In my own words: what should happen?').fill('Two days of not wanting to see anyone: text me.');
  await phone.page.getByLabel('Also at night').check();
  await look('rule');
  await phone.press('Done');
  await phone.press('See what it would have told');
  await phone.sees(/^Does that feel right\?/);
  await look('rule-looked');
  await go('plan-change');
  await phone.press('Throw my changes away');
  await look('change');
  await phone.press('No, keep them');

  // Dee writes at the same time, in the same line.
  const hers = structuredClone(first.body);
  hers.keeps_well[1].text = 'A walk to the river and back';
  hers.keeps_well.push(line('Swim on Fridays'));
  await dee.put(path, { id: uuidv7(), based_on: first.id, body: hers, seen: null });
  await phone.press('Show it to my team');
  await phone.heading('One line is there in two wordings');
  await look('draft');
  await phone.page.getByRole('link', { name: 'Choose the words' }).click();
  await titled('Two wordings');
  await look('both');
  await go('plan-history');
  await phone.page.locator('main summary').first().click();
  await look('history');
  await phone.page.getByRole('link', { name: /^Open the plan as it was then/ }).last().click();
  await phone.sees('A walk to the river');
  await look('version');
  await phone.go('Today');
  await phone.sees(/were put together\. Have a look when you like\./);
  await look('today-waits');

  await go('check-in');
  await phone.page.getByLabel('A bit wobbly').check();
  await look('check-in');
  await phone.press('Save my check-in');
  await phone.sees('Dee rings and asks about the bees first');
  await look('thanks');
  await phone.go('Today');
  await phone.sees(/^Your plan says, for/);
  await look('today-step');
  await phone.page.getByRole('link', { name: 'See what and why' }).click();
  await phone.sees(/^Your plan says/);
  await look('flag');
  await phone.loseSignal();
  await go('plan-draft');
  await phone.press('I agree with this plan');
  await phone.sees(/^Your yes is saved on this phone\./);
  await look('offline');
}

story('screens: the plan on a small phone, in the dark and on a wide screen', async (world) => {
  const phone = await world.phone();
  const dark = ['now', 'step', 'all', 'part', 'part-removed', 'rule', 'draft', 'both', 'thanks', 'flag', 'offline'];
  const wide = ['now', 'step', 'all', 'stage', 'draft', 'both', 'history'];
  await everyScreen(world, phone, async (name) => {
    await phone.passes(`plan-${name}`);
    if (dark.includes(name)) await phone.inTheDark(() => phone.passes(`plan-${name}-dark`));
    await phone.onAScreenOf(1280, 800, () => (wide.includes(name) ? phone.passes(`plan-${name}-wide`) : phone.noSidewaysScroll(name)));
  });
});

storyInSoak('screens: the plan with text twice as large', async (world) => {
  const phone = await world.phone();
  await phone.open();
  await phone.doubleText();
  const few = ['empty', 'now', 'step', 'part', 'rule', 'draft', 'both', 'check-in', 'today-step'];
  await everyScreen(world, phone, (name) => (few.includes(name) ? phone.passes(`plan-${name}-large`) : phone.noSidewaysScroll(name)));
});
