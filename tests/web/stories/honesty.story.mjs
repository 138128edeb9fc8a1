import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('honesty: a phone that was lost says so, gives the number, and has no button that cannot work', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  phone.context.expect(/status of 401/);
  const desk = await world.deskOf(dee);
  await phone.openSheet();
  await desk.wholePage(rhian);
  await desk.press(/Lost phone: sign it out/);
  await desk.sees('The phone can no longer read or send anything.');
  await desk.press('Sign it out', desk.page.getByRole('dialog'));
  await desk.sees(/is signed out\./);

  // She taps before the phone has learnt it: nothing claims to have been sent, and the number is there.
  await phone.press('Ask for contact');
  await phone.sees('Your provider has taken this phone off their list.');
  await phone.sees('One message about contact');
  await phone.sees('What you asked has not reached anyone. Please ring.');
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);
  assert.equal(await phone.page.getByRole('link', { name: 'I’d like someone to contact me' }).count(), 0);
  assert.equal((await dee.get('/team/contact-requests?state=open')).items.length, 0);
  await phone.page.reload();
  await phone.heading('Welcome');
  await phone.go('Help');
  await phone.sees(/Ring 116 123/);

  // A new code brings her back. What was deleted is not there to be claimed as sent.
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  assert.doesNotMatch(await phone.text(), /You asked for contact/);
});

story('honesty: a session that ended still lets a request for contact through', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  // Without the service worker, so that the story can answer in the server's place.
  const phone = await world.phone();
  await phone.context.route('**/sw.js', (route) => route.abort());
  phone.context.expect(/status of 401|fetching the script|ServiceWorker|could not be stored/);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  // As after a restored backup: the phone's session is unknown to the server, its key is not.
  await phone.context.route('**/api/v1/me**', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"unauthorised","title":"","status":401,"detail":""}' }));
  await phone.context.route('**/api/v1/auth/refresh', (route) => route.fulfill({ status: 401, contentType: 'application/problem+json', body: '{"code":"session_ended","title":"","status":401,"detail":""}' }));
  await phone.look();
  await phone.askForContact({ words: 'Please ring.' });
  await phone.rung('Reached Harbour Support');
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  assert.equal(request.message, 'Please ring.');

  await dee.post(`/team/contact-requests/${request.id}/acknowledge`);
  await phone.learns('Seen by someone on your team');
});

story('honesty: a broken promise is said out loud, to both', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phoneOf(rhian);
  const desk = await world.deskOf(dee);
  await phone.askForContact();
  await phone.rung('Reached Harbour Support');
  await desk.row('Rhian Example').getByRole('link', { name: /Rhian Example/ }).click();
  const [request] = (await dee.get('/team/contact-requests?state=open')).items;
  const promise = async (within) => {
    const by = new Date(Date.now() + within);
    await dee.post(`/team/contact-requests/${request.id}/acknowledge`, { promise: { what: 'call', by: by.toISOString() } });
    return by.toLocaleTimeString('en-GB', { timeZone: 'Europe/London', hour: '2-digit', minute: '2-digit' });
  };
  await phone.learns(`Dee will call before ${await promise(3_600_000)}`);

  // Then within a moment, which goes by.
  const clock = await promise(8_000);
  await desk.sees(/You promised a call by .*That time has passed|Dee promised a call by .*That time has passed/, { within: desk.detail });
  await desk.sees(/The client can see that it was not kept/);
  await phone.learns(`Dee said before ${clock}. That has not happened.`);
  await phone.sees(/You were told that someone would be in touch by now\. That has not happened\. We’re sorry\. Please don’t wait any longer\./);
  await phone.sees(/Ring 01632 960 000/);
  await phone.sees(/Ring 116 123/);
  await phone.go('Today');
  await phone.sees(/That has not happened\. We’re sorry\./);
  // It is back among what needs a person now.
  await desk.sees('Rhian Example', { within: desk.group('Needs a person now') });
});

story('honesty: when the server is gone the desk says that it is not live, and comes back by itself', async (world) => {
  const desk = await world.deskOf(world.lead);
  desk.context.expect(/ERR_/);
  await world.provider.kill();
  await desk.sees(/^Not live since/);
  await world.provider.start();
  await desk.look();
  await desk.sees(/^Live\./, { timeout: 60_000 });
});
