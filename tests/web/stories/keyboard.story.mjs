import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('keyboard only: join, check in and ask for contact', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phone();
  const press = (key) => phone.page.keyboard.press(key);
  await phone.open();
  await phone.heading('Welcome');
  await phone.tabTo(/^Your code/);
  await phone.page.keyboard.type((await world.invite(rhian)).code);
  await phone.tabTo(/^Join$/);
  await press('Enter');
  await phone.page.getByRole('heading', { name: 'Hello, Rhian' }).waitFor();
  await phone.tabTo(/^Straight to the app/);
  await press('Enter');
  await phone.question('How has your mood been?').waitFor();

  await phone.tabTo(/How has your mood been/);
  await press('ArrowLeft'); // from "skip", backwards: the highest answer
  await phone.tabTo(/^Carry on/);
  await press('Enter');
  await phone.heading('Check in');
  assert.ok(await phone.question('How has your mood been?').locator('input[value="7"]').isChecked());
  await phone.tabTo(/How have you been sleeping/);
  await press('ArrowRight');
  await phone.sees('That sounds very hard.');
  await phone.tabTo(/^Anything you want to add/);
  await phone.page.keyboard.type('Typed with no mouse.');
  await phone.tabTo(/^Save my check-in/);
  await press('Enter');
  await phone.heading('Thank you');
  // Told, and not only shown: a voice that reads the screen says it without being asked.
  await phone.page.getByRole('status').filter({ hasText: /Harbour Support has it/ }).waitFor();
  assert.equal(await phone.page.evaluate(() => document.activeElement?.textContent), 'Thank you', 'the focus goes where the eye goes');

  await phone.tabTo(/like someone to contact me/);
  await press('Enter');
  await phone.heading('Ask for contact');
  await phone.tabTo(/^Ask for contact$/);
  await press('Enter');
  await phone.page.getByRole('status').filter({ hasText: 'Nobody has seen this yet.' }).waitFor();
  await phone.rung('Reached Harbour Support');
});

story('keyboard only: a worker takes a request with a promise', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  const desk = await world.emptyDesk();
  const press = (key) => desk.page.keyboard.press(key);
  await desk.open();
  await desk.tabTo(/^E-mail/);
  await desk.page.keyboard.type(world.lead.email);
  await desk.tabTo(/^Password/);
  await desk.page.keyboard.type(world.password);
  await press('Enter');
  await desk.row('Rhian Example').waitFor();
  await desk.tabTo(/^Rhian Example/);
  await press('Enter');
  await desk.heading(/Rhian asks for a call now/);
  await desk.page.getByRole('button', { name: /^15 min/ }).waitFor();
  await desk.tabTo(/^15 min/);
  await press('Enter');
  await desk.tabTo(/^I’ve got this, and will call/);
  await press('Enter');
  await desk.sees(/You promised a call/, { within: desk.detail });
  await press('Escape');
  await desk.page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
});
