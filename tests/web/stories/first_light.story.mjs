import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('first light: a client joins by the link, checks in, and her worker sees it', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const client = await world.client('Rhian', [dee]);
  const desk = await world.deskOf(dee);

  // The worker invites. She reads the code aloud; here the phone follows the link.
  await desk.clientPage(client);
  await desk.page.getByRole('navigation', { name: 'More for Rhian' }).getByRole('link', { name: 'Invite a phone' }).click();
  await desk.press('Make an invite');
  await desk.sees('It lasts 72 hours and works once.');
  const link = await desk.page.locator('.link').innerText();
  const code = await desk.page.locator('.code').innerText();
  assert.match(code, /^[A-Z2-9]{3}-[A-Z2-9]{3}-[A-Z2-9]{3}$/);
  assert.equal(link, `${provider.url}/#/join/${code}`);

  // Before joining: the number and the crisis lines, and no button that cannot work.
  const phone = await world.phone();
  await phone.follow(link);
  await phone.sees(`This app is for people supported by ${provider.name}.`);
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);
  assert.equal(await phone.page.getByRole('link', { name: 'I’d like someone to contact me' }).count(), 0);
  assert.equal(await phone.page.getByLabel('Your code').inputValue(), code);
  await phone.join('Rhian');
  await phone.sees('Nobody is watching this app right now.');

  // A check-in begun on Today: one question skipped, the worst answer to another shows help there and then.
  await phone.answer('How has your mood been?', 3);
  await phone.page.getByRole('link', { name: 'Carry on' }).click();
  await phone.heading('Check in');
  assert.ok(await phone.question('How has your mood been?').locator('input[value="3"]').isChecked(), 'what was put on Today is kept');
  await phone.answer('How have you been sleeping?', 1);
  await phone.sees('That sounds very hard. You do not have to be alone with it. You can talk to someone now.');
  await phone.answer('How have you been sleeping?', 3);
  await phone.gone('That sounds very hard.');
  await phone.skip('How much energy have you had?');
  await phone.answer('How anxious or on edge have you felt?', 6);
  await phone.page.getByLabel('Anything you want to add?').fill('The bees are quiet. So am I.');
  await phone.sees('Dee and Pat can read it. It may be that nobody sees it tonight. Nothing scans the words.');
  await phone.press('Save my check-in');

  // Something back: a sentence that is true of what she said, and one thing that may help.
  await phone.heading('Thank you');
  await phone.sees('You said that a lot is hard today. It takes something to say so.');
  await phone.sees('Why this one: of what you answered today, your worry was the hardest part.');
  await phone.sees(/Harbour Support has it/);

  await phone.go('My check-ins');
  await phone.sees('The bees are quiet. So am I.');
  await phone.sees('Your team can read these words.');
  await phone.sees('One check-in so far.', { within: phone.page.locator('header') });

  // The same at the desk, with the question she skipped left out.
  await desk.clientPage(client);
  await desk.sees('The bees are quiet. So am I.');
  await desk.sees('Last answer 6 of 7', { within: desk.page.locator('main') });
  await desk.sees('Not answered in these weeks: How much energy have you had? · How connected have you felt to other people?');

  // Her own question, in her own words, is asked from then on.
  await phone.go('Me');
  await phone.sees('Dee');
  await phone.press('Add a sign');
  await phone.page.getByLabel('Sign 1').fill('I stop going to the hives');
  await phone.press('Save changes');
  await phone.sees('Saved with Harbour Support.');
  await phone.load(`${provider.url}/#/check-in`);
  await phone.question('“I stop going to the hives”').waitFor();
  await desk.go(`#/clients/${client.id}/items`);
  await desk.sees('“I stop going to the hives”');
});

story('a code works once, and a wrong one is told in words', async (world) => {
  const client = await world.client('Sam', [world.lead]);
  const { code } = await world.invite(client);
  const first = await world.phone();
  await first.open();
  await first.page.getByLabel('Your code').fill(code.replaceAll('-', ' ').toLowerCase());
  await first.join('Sam');

  const second = await world.phone();
  second.context.expect(/404/);
  await second.open();
  await second.page.getByLabel('Your code').fill('ABC');
  await second.press('Join');
  await second.sees('A code has nine letters and numbers. This one has 3.');
  await second.page.getByLabel('Your code').fill(code);
  await second.press('Join');
  await second.sees(/That code did not work\. It may have been used already/);
});
