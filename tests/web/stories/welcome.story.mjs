import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

const STEPS = ['Hello, Rhian', 'What this is', 'What it is not', 'Who sees what', 'What you share', 'How should it talk to you?', 'Your own signs', 'Shall this phone tell you?', 'Your first check-in'];

/** A phone on the first page after joining. */
async function justJoined(world, rhian, screen) {
  const phone = await world.phone(screen);
  await phone.follow((await world.invite(rhian)).url);
  await phone.press('Join');
  await phone.page.getByRole('heading', { name: STEPS[0], exact: true, level: 1 }).waitFor();
  return phone;
}
const next = async (phone, title) => {
  await phone.page.getByRole('link', { name: /^(Show me|Next)$/ }).click();
  await phone.page.getByRole('heading', { name: title, exact: true, level: 1 }).waitFor();
};

story('welcome: a short path of one idea a page, which can be left, found again and walked with no signal', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await justJoined(world, rhian);
  await phone.passes('welcome-hello');
  await next(phone, STEPS[1]);
  await next(phone, STEPS[2]);
  // What it cannot do, who is there now, and whom to ring: before anything is asked.
  await phone.sees('It is not an emergency service.', { exact: false });
  await phone.sees('Nobody is watching this app right now.', { exact: false });
  await phone.sees('If a life is at risk, ring 999.');
  await phone.sees(/Ring 116 123/);
  await phone.passes('welcome-not');
  await next(phone, STEPS[3]);
  await phone.sees('Pat can see your answers when you check in.');
  assert.equal(await phone.page.evaluate(() => document.activeElement?.textContent), STEPS[3], 'the focus goes where the eye goes');
  await phone.page.goBack();
  await phone.page.getByRole('heading', { name: STEPS[2], exact: true }).waitFor();
  await phone.page.goForward();
  await phone.page.getByRole('heading', { name: STEPS[3], exact: true }).waitFor();

  // Left here, it is found again where it was left; with no signal, too.
  await phone.page.getByRole('link', { name: 'Leave this for now' }).click();
  await phone.sees('You began a look round this app.');
  await phone.loseSignal();
  await phone.open();
  await phone.page.getByRole('link', { name: 'Carry on looking round' }).click();
  await phone.page.getByRole('heading', { name: STEPS[3], exact: true }).waitFor();
  for (const title of STEPS.slice(4)) await next(phone, title);
  await phone.signalIsBack();

  // Nothing was required. It ends in a check-in, and is not shown again by itself.
  await phone.press('Check in now');
  await phone.heading('Check in');
  await phone.go('Today');
  await phone.question('How has your mood been?').waitFor();
  await phone.gone('You began a look round this app.');
  await phone.go('Me');
  await phone.page.getByRole('link', { name: 'Look round this app again' }).click();
  await phone.page.getByRole('heading', { name: STEPS[0], exact: true }).waitFor();
});

story('welcome: what is chosen there counts at once, and the keyboard goes the whole way', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await justJoined(world, rhian);
  const enter = async (words) => {
    await phone.tabTo(words);
    await phone.page.keyboard.press('Enter');
  };
  await enter(/^Show me/);
  const focused = (title) => phone.page.waitForFunction((words) => document.activeElement?.matches('h1') && document.activeElement.textContent === words, title);
  await focused(STEPS[1]);
  for (const title of STEPS.slice(2, 5)) {
    await enter(/^Next/);
    await focused(title);
  }
  await phone.page.getByRole('switch').first().waitFor();
  await phone.tabTo(/My team can see which reminders I answered/);
  await phone.page.keyboard.press('Space');
  await phone.sees('On from now.');
  assert.equal((await (await world.deviceOf(rhian)).get('/me/sharing')).reminders_shared, true);
  await phone.passes('welcome-choose');

  await enter(/^Next/);
  await focused(STEPS[5]);
  await phone.passes('welcome-talk');
  await phone.page.getByRole('switch', { name: 'Easy Read' }).check();
  await phone.page.getByRole('heading', { name: 'How shall it talk to you?', exact: true }).waitFor();
  await phone.page.getByRole('button', { name: 'Read this page to me' }).waitFor();
  await phone.passes('welcome-talk-easy');
  await enter(/^Next/);
  await phone.page.getByRole('link', { name: 'Write my signs' }).waitFor();
  await phone.passes('welcome-signs-easy');
  await enter(/^Next/);
  await focused('Shall your phone tell you things?');
  await enter(/^Next/);
  await focused('Say how you are');
  await phone.tabTo(/^Not now/);
  await phone.page.keyboard.press('Enter');
  await phone.page.getByRole('link', { name: 'Say how I am' }).waitFor();
});
