// What is usual, how readily a change is raised, silence and the figures, as the team meets them.
import assert from 'node:assert/strict';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';

/** The next save goes out with a look that is too old, as it would be a day later. */
async function withAnOldLook(desk, path) {
  desk.context.expect(/status of 409/);
  const ours = (url) => url.pathname.endsWith(path);
  let still = true;
  await desk.page.route(ours, async (route) => {
    if (!still || route.request().method() !== 'PUT') return route.continue();
    still = false;
    await route.continue({ postData: JSON.stringify({ ...route.request().postDataJSON(), seen: 'of yesterday' }) });
  });
}

const button = (desk, name) => desk.page.getByRole('button', { name, exact: true });
const radio = (desk, name) => desk.page.getByRole('radio', { name });

story('what is usual: taken from answers, put right by people, looked at first, and then in force', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const hers = await world.deviceOf(rhian);
  const desk = await world.deskOf(dee);
  await desk.clientPage(rhian);
  await desk.sees('Nothing is agreed yet. Until it is, Rhian’s first four weeks of answers count as usual.');
  await desk.page.getByRole('link', { name: 'See or agree what is usual' }).click();
  await desk.heading('What is usual for Rhian');
  await desk.sees(/Where the last months were worse than this, a change is measured mostly from those months\.$/);

  // The first four weeks suggest numbers; a person changes some, and it says so.
  await desk.heading('What they suggest');
  const sleep = desk.page.getByRole('listitem').filter({ hasText: 'How have you been sleeping?' });
  await desk.sees('4 to 6, about 5', { within: sleep });
  await desk.press(/^Change the numbers/, sleep);
  await sleep.getByLabel('Usual from').selectOption('7');
  await desk.sees('“Usual from” can’t be above “to”.');
  await desk.press('See what it would have raised');
  await desk.page.locator('[aria-invalid=true]:focus').waitFor(); // the focus goes to what is wrong
  await sleep.getByLabel('Usual from').selectOption('3');
  await desk.sees('Changed by you. The answers suggested 4 to 6, about 5.', { within: sleep });

  // Nothing is saved unseen.
  assert.equal(await button(desk, 'Put it in force').count(), 0);
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await desk.sees(/^Alert$|^Watch$/);
  await sleep.getByLabel('about', { exact: true }).selectOption('4.5');
  await desk.sees('You changed something since. See it again before saving.');
  assert.equal(await button(desk, 'Put it in force').count(), 0);
  await desk.press('See it again');
  await desk.press('Put it in force');
  await desk.sees('Say how it was agreed.');
  await radio(desk, /^We looked at it together/).check();
  await desk.page.getByLabel('Words to Rhian').fill('Sleep as you say it is when things are well.');

  // A look of another day does not count. It is shown again, and nothing typed is lost.
  await withAnOldLook(desk, '/baseline');
  await desk.press('Put it in force');
  await desk.sees(/^It was not saved: the last look was too old\./);
  assert.equal(await desk.page.getByLabel('Words to Rhian').inputValue(), 'Sleep as you say it is when things are well.');
  await desk.sees('3 to 6, about 4.5', { within: sleep });
  await desk.press('Put it in force');
  await desk.sees('It is in force from today.');
  await desk.sees(/^Rhian and Dee looked at it together on/);
  await desk.sees('Set by a person');
  const { current } = await dee.get(`/team/clients/${rhian.id}/baseline`);
  const kept = current.items.find((one) => one.text === 'How have you been sleeping?');
  assert.deepEqual([kept.low, kept.centre, kept.high, kept.adjusted], [3, 4.5, 6, true]);
  assert.ok(current.items.some((one) => !one.adjusted), 'the others are as suggested');

  // Another one goes to her phone, and waits for her.
  await desk.press('Agree a new one');
  const asked = desk.page.waitForRequest((request) => request.url().includes('/baseline?first_day='));
  await radio(desk, 'The last four weeks').check();
  const yesterday = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(Date.now() - 86_400_000);
  assert.equal(new URL((await asked).url()).searchParams.get('last_day'), yesterday, 'an answer of today would change the numbers under her eyes');
  await (await (await asked).response()).finished();
  await desk.sees(/^These are the answers of/);
  await radio(desk, /^Send it to their phone/).check();
  await desk.press('See what it would have raised');
  await desk.press('Send it to Rhian');
  await desk.heading('Waiting for Rhian');
  await desk.sees(/It counts once Rhian agrees\./);

  // She says that it is not hers; it is read at once, and is in force for nobody.
  const { proposed } = await hers.get('/me/baseline');
  await hers.post(`/me/baseline/${proposed.id}/answer`, { id: uuidv7(), answer: 'not_my_usual', words: 'That was a bad month.' });
  await desk.heading(/^Rhian said on .* that this is not their usual$/);
  await desk.sees('That was a bad month.');
  await desk.sees(/^Not their usual, suggested by Dee on/);
  await desk.sees(/^In force now, suggested by Dee on/);
  assert.equal((await dee.get(`/team/clients/${rhian.id}/baseline`)).current.id, current.id);

  await desk.clientPage(rhian);
  await desk.sees('3 to 6, about 4.5');
});

story('what is usual: leaving in the middle is asked about', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const mo = await world.client('Mo', [dee]);
  await world.drift(rhian, dee);
  const desk = await world.deskOf(dee);
  await desk.go(`#/clients/${rhian.id}/usual`);
  await desk.page.getByLabel('Words to Rhian').fill('From the spring.');
  await desk.page.getByRole('link', { name: 'Rhian Example' }).click();
  await desk.heading('Leave without saving?');
  await desk.press('Stay here', desk.page.getByRole('dialog'));
  assert.equal(await desk.page.getByLabel('Words to Rhian').inputValue(), 'From the spring.');
  await desk.page.getByRole('link', { name: 'Rhian Example' }).click();
  await desk.agree('Leave');
  await desk.heading('Rhian Example');

  // With too few answers there is nothing to agree on, and it says so.
  await desk.go(`#/clients/${mo.id}/usual`);
  await desk.sees(/^There are too few answers on these days\./);
  assert.equal(await button(desk, 'See what it would have raised').count(), 0);
});

story('how readily a change is raised: seen first, with a reason; silence stays off where the client says so', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const hers = await world.deviceOf(rhian);
  const desk = await world.deskOf(dee);
  await desk.clientPage(rhian);
  await desk.page.getByRole('link', { name: 'Early warning' }).click();
  await desk.heading('Early warning for Rhian');
  await desk.sees(/^It is now: Usual\. Nobody has changed this\./);
  assert.equal(await button(desk, 'Save the change').count(), 0);

  await desk.sees(/a silence is raised sooner too/);
  await desk.sees(/and a silence later too/);
  await radio(desk, /^Later/).check();
  await desk.press('See what it would have raised');
  await desk.heading('What it would have raised');
  await desk.press('Save the change');
  await desk.sees('Say why. Whoever comes after you will ask.');
  await desk.page.getByLabel('Why').fill('She is moving house, and asked for fewer.');
  await withAnOldLook(desk, '/warning-rules');
  await desk.press('Save the change');
  await desk.sees(/^It was not saved: the last look was too old\./);
  assert.equal(await desk.page.getByLabel('Why').inputValue(), 'She is moving house, and asked for fewer.');
  await desk.press('Save the change');
  await desk.sees('Saved. It counts from the next look at Rhian’s answers.');
  await desk.sees('Later, silence counts');
  await desk.sees('She is moving house, and asked for fewer.');
  const rules = await dee.get(`/team/clients/${rhian.id}/warning-rules`);
  assert.deepEqual([rules.sensitivity, rules.silence, rules.history.length], ['later', true, 1]);

  // Her own choices are seen at once, and come first.
  await hers.put('/me/sharing', { flags_shown: false, silence_counts: false });
  await desk.sees('Rhian has turned this off on the phone. It stays off, whatever is chosen here.');
  await desk.sees('Rhian has chosen not to be shown flags. They still reach you.');
  await desk.clientPage(rhian);
  await desk.sees('Rhian has chosen not to be shown flags. They still reach you.');
  await desk.page.locator('section').filter({ has: desk.page.getByRole('heading', { name: 'Open now' }) }).getByRole('link').first().click();
  await desk.sees('Rhian has chosen not to be shown flags, and does not see this one.', { within: desk.detail });
});

story('a silence: raised gently, with words of its own', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.quiet(rhian, dee);
  const desk = await world.deskOf(dee);
  const row = desk.row('Rhian Example');
  await row.waitFor();
  assert.match(await row.locator('.sentence').innerText(), /^There has been no check-in since /);
  assert.equal(await desk.group('Needs a person now').getByText('Rhian Example').count(), 0);
  await row.getByRole('link', { name: /Rhian Example/ }).click();
  await desk.sees('A quiet signal', { within: desk.detail });
  await desk.sees(/Nobody has to check in\. A friendly word is enough\./, { within: desk.detail });
  assert.doesNotMatch(await desk.detail.innerText(), /Alert|Watch/);

  const hers = await world.deviceOf(rhian);
  const [flag] = (await hers.get('/me/flags')).items;
  await hers.post(`/me/flags/${flag.id}/answer`, { id: uuidv7(), answer: 'not_sure', words: 'My phone was broken for a bit.' });
  await desk.sees('I’m not sure', { within: desk.detail });
  await desk.sees('My phone was broken for a bit.', { within: desk.detail });
  await desk.sees('An answer closes nothing by itself.', { within: desk.detail });
});

story('what came of it: their usual now, a warning that was missed, and the figures', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const desk = await world.deskOf(dee);
  await desk.row('Rhian Example').getByRole('link', { name: /Rhian Example/ }).click();
  await desk.press('I’ll look at this', desk.detail);
  await desk.sees('You have this', { within: desk.detail });
  const close = await desk.unfold('What came of it');
  await close.getByLabel('This is their usual now').check();
  await desk.sees('When it is closed, you can agree with Rhian what is usual now.', { within: close });
  await desk.press('Close the flag', close);
  await desk.sees(/^Closed .*: This is their usual now/, { within: desk.detail });
  await desk.detail.getByRole('link', { name: 'Agree what is usual now' }).click();
  await desk.heading('What is usual for Rhian');
  await desk.heading('What they suggest');
  assert.ok(await radio(desk, 'The last four weeks').isChecked());

  await desk.go(`#/clients/${rhian.id}/warnings`);
  await desk.heading('It got worse and no flag came before');
  await desk.press('Write it down');
  await desk.sees('Give a day within the last year.');
  const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' }).format(new Date());
  await desk.page.getByLabel('The day it was noticed').fill(today);
  await desk.page.getByLabel('What happened').fill('Her sister rang. The check-ins had been as usual.');
  await desk.press('Write it down');
  await desk.sees('Written down.');
  await desk.sees('Her sister rang. The check-ins had been as usual.');
  assert.equal((await dee.get(`/team/clients/${rhian.id}/missed-warnings`)).items.length, 1);

  await desk.page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Figures' }).click();
  await desk.heading('How the flags are doing');
  const month = desk.page.locator('section').filter({ hasText: 'so far' });
  const cells = month.getByRole('row', { name: /Out and About/ }).getByRole('cell');
  await cells.first().waitFor();
  const figures = (await cells.allInnerTexts()).map((text) => text.split('\n')[0]);
  assert.equal(figures[0], '1', 'one flag');
  assert.deepEqual(figures.slice(3), ['1 of 1', '0 of 1', '0', '1'], 'it led to something; one was missed');
  await desk.sees('No flags.');
  await desk.sees(/so the true number may be higher\.$/);
});
