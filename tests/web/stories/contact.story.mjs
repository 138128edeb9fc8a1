import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';
import { uuidv7 } from '../lib/session.mjs';

story('contact: asked on the phone, taken at the desk, and both see the truth at every step', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const other = await world.client('Sam', [dee]);
  const desk = await world.deskOf(dee);
  const phone = await world.phoneOf(rhian);
  await desk.sees(/Nothing needs a person right now/);
  const older = await world.phoneOf(other);
  await older.askForContact({ when: 'When you can', how: 'A text' });
  await desk.row('Sam Example').waitFor();

  // One tap. The number is on the sheet from the start.
  await phone.openSheet();
  await phone.sees(/Ring 01632 960 000/);
  await phone.page.getByLabel('A few words, if you want').fill('I can’t settle.');
  await phone.press('Ask for contact');
  await phone.heading('You asked for contact');
  await phone.rung('Saved on this phone');
  await phone.rung('Reached Harbour Support');
  await phone.sees(/Nobody has seen this yet\..*You can ring 01632 960 000\./);
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);

  // It comes to the top of the desk by itself, above what waited longer.
  const now = desk.group('Needs a person now');
  await desk.sees('Rhian Example', { within: now });
  assert.match(await desk.rows().first().innerText(), /Rhian Example/);
  await desk.row('Rhian Example').getByText('Nobody has this yet').waitFor();
  await desk.page.waitForFunction(() => document.title.startsWith('(1)'));
  // Being on a worker's screen is told too, and is not the same as being seen.
  await phone.learns('Nobody has said that they saw it yet');
  assert.ok((await phone.ladder()).includes('Sent to your team’s app'));

  // Opened, and taken with a promise.
  await desk.row('Rhian Example').getByRole('link', { name: /Rhian Example/ }).click();
  await desk.sees('I can’t settle.', { within: desk.detail });
  await desk.sees('Let it ring, I am slow on the stairs.', { within: desk.detail });
  await desk.press(/^30 min/, desk.detail);
  await desk.press(/^I’ve got this, and will call by \d\d:\d\d$/, desk.detail);
  const promise = await desk.detail.getByText(/You promised a call by \d\d:\d\d\./).innerText();
  const by = promise.match(/\d\d:\d\d/)[0];

  await phone.learns('Seen by Dee');
  await phone.rung(`Dee will call before ${by}`);
  await phone.sees(`Dee will call before ${by}.`);

  // A second tap joins the first.
  await phone.askForContact({ when: 'Some time today', words: 'I’m by the back door.' });
  await desk.sees('Asked 2 times.', { within: desk.detail });
  await desk.sees('I’m by the back door.', { within: desk.detail });
  assert.equal((await dee.get('/team/contact-requests?state=open')).items.filter((one) => one.client.id === rhian.id).length, 1);

  // "Now" on a request that somebody has taken opens it again: the promise was for something less urgent.
  await phone.askForContact({ when: 'As soon as someone can' });
  await desk.sees('Rhian Example', { within: now });
  await phone.learns('Nobody has said that they saw it yet');
  await desk.press(/^I’ve got this$/, desk.detail);
  await phone.learns('Seen by Dee');
  await desk.sees('Asked 3 times.', { within: desk.detail });

  // Words added afterwards arrive too.
  await phone.page.getByLabel('Add a few words').fill('The gate sticks.');
  await phone.press('Add');
  await desk.sees('The gate sticks.', { within: desk.detail });

  // She rings, nobody answers; she rings again; it is done.
  const log = await desk.unfold('Log what happened');
  let answers;
  const mayAnswer = new Promise((done) => (answers = done));
  await desk.page.route(/\/attempt$/, async (route) => {
    const response = await route.fetch();
    await mayAnswer;
    await route.fulfill({ response });
  });
  await log.getByLabel('No answer').check();
  await desk.press('Log it', log);
  // What she chooses while the first is still being answered is of the next, and stays.
  await log.getByLabel('I reached them').check();
  await log.locator('button[aria-disabled=true]').waitFor();
  answers();
  await log.locator('button[aria-disabled=false]').waitFor();
  await phone.learns('Dee called and could not reach you');
  await desk.press('Log it', log);
  await phone.learns('Dee called and spoke with you');
  const finish = await desk.unfold('Finish');
  await desk.press('Finish this', finish);
  await desk.sees(/Finished .* by Dee\./, { within: desk.detail });
  await phone.learns('Done');
  await phone.sees('This is done. You can ask again whenever you want.');
  await phone.go('Today');
  await phone.gone('You asked for contact');
});

story('contact: a cancel stops nothing from being looked at', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.askForContact({ when: 'As soon as someone can', how: 'A visit' });
  await phone.rung('Reached Harbour Support');
  await phone.press('I don’t need this any more');
  await phone.sees(/Your team can still see that you asked/);
  await phone.press('Yes, cancel it');
  await phone.sees('You cancelled this. Your team can still see that you asked.');

  const desk = await world.deskOf(dee);
  await desk.row('Rhian Example').waitFor();
  await desk.row('Rhian Example').getByRole('link', { name: /Rhian Example/ }).click();
  await desk.sees(/Rhian cancelled this/, { within: desk.detail });
  await desk.sees('Please still have a look. Somebody else may be holding the phone.');
  await desk.press('I’ve looked at this', desk.detail);
  await desk.sees('Dee has looked at this.', { within: desk.detail });
  await desk.go('#/');
  await desk.sees(/Nothing needs a person right now/);
});

story('contact: handed over with words, and the client is told to whom', async (world) => {
  const [dee, tom] = [await world.worker('Dee', 'Okafor'), await world.worker('Tom', 'Wilk')];
  const rhian = await world.client('Rhian', [dee, tom]);
  const phone = await world.phoneOf(rhian);
  const desk = await world.deskOf(dee);
  await phone.askForContact();
  await desk.press(/I’ve got this/, desk.row('Rhian Example'));
  await desk.sees('You have this', { within: desk.detail });
  const over = await desk.unfold('Hand over');
  await over.getByLabel('To', { exact: true }).selectOption({ label: 'Tom Wilk' });
  await over.getByLabel(/What they should know/).fill('She will be in the garden.');
  await desk.press('Hand over', over);
  await desk.sees(/It is in Tom’s name/, { within: desk.detail });
  await desk.sees('She will be in the garden.', { within: desk.detail });
  await phone.learns('Passed on to Tom');
});

story('contact: what was asked on her tablet shows on her phone', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  const { access_token } = await fetch(`${world.provider.url}/api/v1/auth/claim`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: (await world.invite(rhian)).code, device_name: 'Her tablet' }),
  }).then((answer) => answer.json());
  const id = uuidv7();
  await fetch(`${world.provider.url}/api/v1/me/contact-requests/${id}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${access_token}` },
    body: JSON.stringify({ requested_at: new Date().toISOString(), when: 'today', how: 'text' }),
  });
  await phone.look();
  await phone.sees('You asked for contact');
  await phone.page.getByRole('link', { name: 'See how it stands' }).click();
  await phone.sees('A text, some time today.');
});
