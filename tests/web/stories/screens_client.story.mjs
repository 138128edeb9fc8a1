// Every screen of the client's app, looked at hard (lib/screen.mjs). `look` is axe and all; large text is about room.
import { story, storyInSoak } from '../lib/story.mjs';

/** Goes through the app as a person does and calls `look` on every screen there is. */
async function everyScreen(world, phone, look) {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  await world.drift(rhian, dee);
  const act = async (step, body) => {
    const [request] = (await dee.get('/team/contact-requests?state=open')).items;
    await dee.post(`/team/contact-requests/${request.id}/${step}`, body);
  };
  const go = (place) => phone.load(`${provider.url}/#/${place}`);

  await phone.follow((await world.invite(rhian)).url);
  await phone.sees(/Ring 116 123/);
  await look('join');
  await phone.join('Rhian');
  await phone.sees('A change from your usual');
  await phone.question('How has your mood been?').waitFor();
  await look('today');

  await go('check-in');
  await phone.question('How has your mood been?').waitFor();
  await look('check-in');
  await phone.press('One question at a time');
  await phone.sees('1 of 6');
  await look('check-in-one');
  await phone.press('All on one page');
  await phone.answer('How have you been sleeping?', 1);
  await phone.sees('That sounds very hard.');
  await look('check-in-worst');
  await phone.page.getByLabel('Anything you want to add?').fill('I could not settle last night.');
  await phone.press('Save my check-in');
  await phone.sees(/Harbour Support has it/);
  await look('thanks');

  await phone.go('My check-ins');
  await phone.page.locator('svg[role=img]').first().waitFor();
  await look('my-check-ins');
  await phone.press('Show as a table');
  await phone.page.getByRole('table').waitFor();
  await look('my-check-ins-table');

  await phone.go('Today');
  await phone.page.getByRole('link', { name: 'See what and why' }).click();
  await phone.heading('A change from your usual');
  await look('change');
  await phone.page.getByLabel('Yes, please talk to me').check();
  await phone.page.getByLabel('A few words, if you want').fill('It has been a long fortnight.');
  await phone.press('Save my answer');
  await phone.sees(/Harbour Support has your answer/);
  await look('change-answered');

  await go('my-usual');
  await phone.sees(/Nothing has been agreed yet/);
  await look('my-usual-none');
  await world.suggestUsual(rhian, dee, { how: 'together', words: 'We went through these over tea, after your good summer.' });
  await world.suggestUsual(rhian, dee, { words: 'Is this nearer? You said that you sleep less in autumn.', change: (item) => (/sleep/.test(item.text) ? { ...item, low: 2, centre: 3, high: 4 } : item) });
  await phone.open();
  await phone.sees('Dee has suggested what is usual when you are well.');
  await look('today-usual');
  await phone.page.getByRole('link', { name: 'See if it fits' }).click();
  await phone.heading('Dee suggests this as your usual');
  await phone.press('Save my answer');
  await phone.sees('Choose one of the two first.');
  await look('my-usual-suggested');
  await phone.page.getByLabel('Yes, that is me').check();
  await phone.press('Save my answer');
  await phone.sees(/This is your usual from now on/);
  await phone.page.getByText('See the numbers').first().click();
  await look('my-usual');

  await phone.go('Me');
  await phone.press('Add a sign');
  await look('me');
  await phone.go('Help');
  await phone.heading('Help now');
  await look('help');

  await phone.go('Today');
  await phone.openSheet();
  await look('ask');
  await phone.page.getByLabel('A few words, if you want').fill('Please ring after nine.');
  await phone.press('Ask for contact');
  await phone.rung('Reached Harbour Support');
  await look('ladder-reached');
  await act('acknowledge', { promise: { what: 'call', by: new Date(Date.now() + 3_600_000).toISOString() } });
  await phone.learns('Dee will call before');
  await look('ladder-promised');
  await phone.go('Today');
  await phone.sees(/Dee will call before/);
  await look('today-promised');
  await act('acknowledge', { promise: { what: 'call', by: new Date(Date.now() + 8_000).toISOString() } });
  await phone.page.getByRole('link', { name: 'See how it stands' }).click();
  await phone.learns('That has not happened.');
  await look('ladder-broken');
  await act('attempt', { how: 'call', reached: true });
  await act('complete', { words: 'Spoke for ten minutes.' });
  await phone.learns('Done');
  await look('ladder-done');

  await phone.loseSignal();
  await phone.go('Today');
  await phone.sees(/No signal right now/);
  await look('today-offline');
  await phone.askForContact();
  await phone.rung('Not with Harbour Support yet.');
  await look('ladder-offline');
  await go('sign-out');
  await phone.heading('Sign out of this phone');
  await look('sign-out');
  await phone.findSignal();

  phone.context.expect(/status of 401/);
  const [device] = (await dee.get(`/team/clients/${rhian.id}/devices`)).items;
  await dee.call('DELETE', `/team/clients/${rhian.id}/devices/${device.id}`);
  // The app leaves by loading itself anew.
  const anew = phone.page.waitForEvent('load', { timeout: 60_000 });
  await phone.look().catch(() => {});
  await anew;
  await phone.sees('Your provider has taken this phone off their list.', { timeout: 60_000 });
  await look('signed-out');

  // The phone goes to somebody who has not checked in for a while, and who would rather not be shown changes.
  const mei = await world.client('Mei', [dee]);
  await world.quiet(mei, dee);
  await phone.follow((await world.invite(mei)).url);
  await phone.join('Mei');
  await phone.sees('It has been quiet for a while');
  await look('today-quiet');
  await phone.page.getByRole('link', { name: 'See what your team sees' }).click();
  await phone.sees(/Checking in is never a duty/);
  await look('change-quiet');
  await phone.go('Me');
  await phone.page.getByLabel('Show me when something changes').uncheck();
  await phone.sees(/You are not shown changes from now on/);
  await look('me-choices');
}

story('screens: the client’s app on a small phone, in the dark and on a wide screen', async (world) => {
  const phone = await world.phone();
  const dark = ['today', 'check-in-worst', 'my-check-ins', 'change-answered', 'my-usual-suggested', 'my-usual', 'help', 'ask', 'ladder-broken', 'signed-out', 'change-quiet', 'me-choices'];
  const wide = ['today', 'my-check-ins', 'change-answered', 'my-usual-suggested', 'my-usual', 'ladder-broken', 'change-quiet', 'me-choices'];
  await everyScreen(world, phone, async (name) => {
    await phone.passes(`client-${name}`);
    if (dark.includes(name)) await phone.inTheDark(() => phone.passes(`client-${name}-dark`));
    await phone.onAScreenOf(1280, 800, () => (wide.includes(name) ? phone.passes(`client-${name}-wide`) : phone.noSidewaysScroll(name)));
  });
});

storyInSoak('screens: the client’s app with text twice as large', async (world) => {
  const phone = await world.phone();
  await phone.open();
  await phone.doubleText();
  const few = ['today', 'check-in-worst', 'my-check-ins', 'change-answered', 'my-usual-suggested', 'my-usual', 'ask', 'ladder-broken', 'change-quiet', 'me-choices'];
  await everyScreen(world, phone, (name) => (few.includes(name) ? phone.passes(`client-${name}-large`) : phone.noSidewaysScroll(name)));
});
