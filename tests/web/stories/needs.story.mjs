import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('needs: what somebody writes down on the phone stands above every way to reach them', async (world) => {
  const dee = await world.worker('Dee', 'Okafor', ['support_worker', 'team_lead']);
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  await phone.go('Me');
  await phone.page.getByRole('link', { name: /^Look or change ?: How to talk with me$/ }).click();
  await phone.heading('How to talk with me');
  await phone.sees('Who reads this: Dee and Pat, and whoever is on call.', { exact: false });
  await phone.page.getByLabel('Text me. Please don’t ring').check();
  await phone.page.getByLabel('I need an interpreter').check();
  await phone.press('Save');
  await phone.sees('Write which language first.');
  await phone.page.getByLabel('Which language?').fill('Polish');
  await phone.page.getByLabel('Anything else that helps us talk').fill('Tell me first what it is about.');
  await phone.passes('needs');
  await phone.press('Save');
  await phone.sees('Saved with Harbour Support. Your team sees this now.');
  await phone.sees(/^Last changed by you/);

  // The sheet begins with what they can do.
  await phone.openSheet();
  assert.ok(await phone.page.getByRole('radio', { name: 'A text', exact: true }).isChecked());
  await phone.press('Ask for contact');
  await phone.rung('Reached Harbour Support');

  const says = ['Text, do not ring', 'Interpreter: Polish', '“Tell me first what it is about.”'];
  const desk = await world.deskOf(dee);
  await desk.row('Rhian Example').getByRole('link', { name: /Rhian Example/ }).click();
  for (const words of says) await desk.sees(words, { within: desk.detail });
  await desk.passes('team-request-needs');
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  await desk.go(`#/night/${request.id}`);
  for (const words of says) await desk.sees(words);
  await desk.passes('team-night-needs');
  await desk.go(`#/call/${rhian.id}`);
  for (const words of says) await desk.sees(words);
  await desk.sees('A text back by');
  await desk.passes('team-call-needs');
  await desk.clientPage(rhian);
  for (const words of says) await desk.sees(words);
  await desk.sees(/^Written down by Rhian/);
});

story('needs: what a worker writes down turns the phone’s help on, until the person chooses for themselves', async (world) => {
  const dee = await world.worker('Dee', 'Okafor', ['support_worker', 'team_lead']);
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  const desk = await world.deskOf(dee);
  await desk.clientPage(rhian);
  await desk.sees('Nothing written down yet. Ask what helps.');
  await desk.page.getByRole('link', { name: 'Change how to talk with them' }).click();
  await desk.heading('How to talk with Rhian');
  await desk.page.getByLabel('Easy Read').check();
  await desk.page.getByLabel('Time to answer').check();
  await desk.passes('team-needs');
  await desk.press('Save');
  await desk.sees('Give time to answer');

  await phone.open();
  await phone.page.getByRole('button', { name: 'Read this page to me' }).waitFor();
  await phone.page.getByRole('link', { name: 'Say how I am' }).waitFor();
  await phone.passes('today-easy');
  await phone.load(`${world.provider.url}/#/suits`);
  await phone.sees('Your team wrote down that this helps you.');
  await phone.chooses(() => phone.page.getByRole('switch', { name: 'Easy Read' }).uncheck());
  await phone.page.getByRole('switch', { name: 'Read pages to me' }).uncheck();
  await phone.open();
  await phone.question('How has your mood been?').waitFor();
  assert.equal(await phone.page.getByRole('button', { name: 'Read this page to me' }).count(), 0);
});
