import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

/** Tabs on until the focus is on something with these words, in no more steps than a patient person would make. */
async function tabTo(screen, words, key = 'Tab') {
  const there = () =>
    screen.page.evaluate(() => {
      const one = document.activeElement;
      if (one?.matches('h1')) return '';
      const named = [one?.getAttribute('aria-label'), one?.textContent, ...[...(one?.labels ?? [])].map((label) => label.textContent), one?.closest('fieldset')?.querySelector('legend')?.textContent];
      return named.filter(Boolean).join(' ');
    });
  for (let steps = 0; steps < 60; steps++) {
    if (words.test(await there())) return;
    await screen.page.keyboard.press(key);
  }
  assert.fail(`the keyboard never reached ${words}; it ended on "${await there()}"`);
}

story('keyboard only: join, check in and ask for contact', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phone();
  const press = (key) => phone.page.keyboard.press(key);
  await phone.open();
  await phone.heading('Welcome');
  await tabTo(phone, /^Your code/);
  await phone.page.keyboard.type((await world.invite(rhian)).code);
  await tabTo(phone, /^Join$/);
  await press('Enter');
  await phone.question('How has your mood been?').waitFor();

  await tabTo(phone, /How has your mood been/);
  await press('ArrowLeft'); // from "skip", backwards: the highest answer
  await tabTo(phone, /^Carry on/);
  await press('Enter');
  await phone.heading('Check in');
  assert.ok(await phone.question('How has your mood been?').locator('input[value="7"]').isChecked());
  await tabTo(phone, /How have you been sleeping/);
  await press('ArrowRight');
  await phone.sees('That sounds very hard.');
  await tabTo(phone, /^Anything you want to add/);
  await phone.page.keyboard.type('Typed with no mouse.');
  await tabTo(phone, /^Save my check-in/);
  await press('Enter');
  await phone.heading('Thank you');
  await phone.sees(/Harbour Support has it/);
  assert.equal(await phone.page.evaluate(() => document.activeElement?.textContent), 'Thank you', 'the focus goes where the eye goes');

  await tabTo(phone, /like someone to contact me/);
  await press('Enter');
  await phone.heading('Ask for contact');
  await tabTo(phone, /^Ask for contact$/);
  await press('Enter');
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
  await tabTo(desk, /^E-mail/);
  await desk.page.keyboard.type(world.lead.email);
  await tabTo(desk, /^Password/);
  await desk.page.keyboard.type(world.password);
  await press('Enter');
  await desk.row('Rhian Example').waitFor();
  await tabTo(desk, /^Rhian Example/);
  await press('Enter');
  await desk.heading(/Rhian asks for a call now/);
  await tabTo(desk, /^15 min/);
  await press('Enter');
  await tabTo(desk, /^I’ve got this, and will call/);
  await press('Enter');
  await desk.sees(/You promised a call/, { within: desk.detail });
  await press('Escape');
  await desk.page.waitForFunction(() => document.activeElement?.matches('[data-row]'));
});
