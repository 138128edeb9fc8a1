// Every screen of the library and of a client's pack in the team's app, looked at hard (lib/screen.mjs).
import { DESK, PHONE } from '../lib/browser.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story, storyInSoak } from '../lib/story.mjs';
import { text } from '../lib/text.mjs';

/** A library in which something waits everywhere; calls `look` on every screen there is. */
async function everyScreen(world, screen, look) {
  const dee = await world.worker('Dee', 'Okafor', ['support_worker', 'team_lead', 'admin']);
  const cai = await world.worker('Cai', 'Bowen', ['recovery_coach']);
  const rhian = await world.client('Rhian', [dee]);
  const drink = await world.publish(text({ title: 'A warm drink', body: '## In the next five minutes\n\nPut the kettle on.\n\nDrink it slowly.' }));
  const again = text({ title: 'A warm drink', body: '## In the next five minutes\n\nPut the kettle on, or fill a flask.\n\nDrink it slowly.' });
  await world.publish(again, drink);
  await cai.put(`/team/resources/${drink.id}/drafts/en`, { markdown: again.replace('slowly', 'while it is hot'), based_on: (await world.piece(drink.slug)).texts.find((one) => one.state === 'published').hash });
  const old = await world.publish(text({ title: 'Cold tea', body: 'Drink it cold.' }));
  const chosen = [{ resource_id: drink.id, why: 'You said that the nights are cold.' }, { resource_id: old.id, why: null }];
  await dee.put(`/team/clients/${rhian.id}/pack`, { revision: (await dee.get(`/team/clients/${rhian.id}/pack`)).revision, chosen });
  await world.lead.post(`/team/resources/${old.id}/retire`, { withdraw: false });

  const desk = await world.emptyDesk(screen);
  desk.context.expect(/status of 409/);
  await desk.open();
  await desk.signIn(dee);
  await desk.go('#/library');
  await desk.sees('A warm drink');
  await look(desk, 'list');
  await desk.page.getByLabel('Find').fill('zeppelin');
  await desk.sees('Nothing fits. Try fewer words, or another filter.');
  await look(desk, 'list-none');
  await desk.go(`#/library/${drink.id}`);
  await desk.sees('fill a flask', { within: desk.preview });
  await desk.unfold('Take this out of the library');
  await desk.press('Take it out');
  await desk.press('Sign as Dee Okafor');
  await desk.sees('Tick the box first.');
  await look(desk, 'piece');
  await desk.go(`#/library/${drink.id}/cy`);
  await desk.sees('There is no text in Welsh yet.');
  await look(desk, 'piece-none');
  await desk.go(`#/library/${drink.id}/en/3`);
  await desk.sees('while it is hot', { within: desk.preview });
  await desk.press('Publish');
  await desk.page.getByRole('dialog').waitFor();
  await look(desk, 'publish');
  await desk.press('Cancel');
  await desk.press('Compare with what clients see now');
  await desk.sees(/Lines with a minus/);
  await look(desk, 'compare');
  await desk.go(`#/library/${old.id}`);
  await desk.sees(/^Retired\. It is no longer offered\./);
  await look(desk, 'piece-retired');

  await desk.go(`#/library/${drink.id}/en/edit`);
  await desk.heading('Change “A warm drink”');
  // One beside the other at a desk, one at a time on a phone.
  const apart = await desk.page.getByRole('button', { name: 'Preview' }).isVisible();
  if (apart) await desk.press('Preview');
  await desk.preview.getByRole('heading', { name: 'A warm drink' }).waitFor();
  await look(desk, 'editor-preview');
  if (apart) await desk.press('Write');
  await look(desk, 'editor');
  for (const button of ['Link', 'Picture']) {
    await desk.press(button);
    await desk.press(`Add the ${button.toLowerCase()}`, desk.page.getByRole('dialog'));
    await look(desk, `editor-${button.toLowerCase()}`);
    await desk.press('Cancel', desk.page.getByRole('dialog'));
  }
  const words = desk.page.getByLabel('The words');
  await words.fill('## In the next five minutes\n\nPut the kettle on <b>now</b>.');
  await desk.sees('2 things to put right before it can be saved');
  await look(desk, 'editor-faults');
  await words.fill('## In the next five minutes\n\nPut the kettle on, says Dee.');
  await desk.gone('to put right before it can be saved');
  const { texts } = await world.piece(drink.slug);
  await cai.put(`/team/resources/${drink.id}/drafts/en`, { markdown: again.replace('slowly', 'with both hands'), based_on: texts.find((one) => one.state === 'draft').hash });
  await desk.press('Save the draft');
  await desk.unfold('See what is different');
  await look(desk, 'editor-conflict');
  await desk.press('Show as file');
  await look(desk, 'editor-file');
  await desk.page.getByRole('link', { name: 'Back to the piece' }).click();
  await desk.heading('Leave without saving?');
  await look(desk, 'editor-leave');
  await desk.agree('Leave');
  await desk.go('#/library/new');
  await desk.heading('A new piece');
  await look(desk, 'new');

  // Five people have read something, so there is a figure.
  const people = await Promise.all(['Sam', 'Mo', 'Ali', 'Jo', 'Kit'].map((name) => world.client(name, [dee])));
  for (const device of [...(await Promise.all(people.map((one) => world.deviceOf(one))))]) {
    const at = new Date().toISOString();
    await device.put(`/me/pack/${drink.id}/feedback`, { bookmarked: false, helped: 'helped', read_to: 100, shared: false, opened_at: at, changed_at: at });
    await device.put(`/me/pack/searches/${uuidv7()}`, { words: 'zeppelin', searched_at: at });
  }
  await desk.go('#/library/figures');
  await desk.heading('By topic');
  await look(desk, 'figures');

  // One client's pack.
  await desk.go(`#/clients/${people[0].id}/pack`);
  await desk.sees('Nothing is shared just now.');
  await look(desk, 'client-pack-empty');
  const hers = await world.deviceOf(rhian);
  const at = new Date().toISOString();
  await hers.put(`/me/pack/${drink.id}/feedback`, { bookmarked: true, helped: 'not_for_me', read_to: 40, shared: true, opened_at: at, changed_at: at });
  const png = (await desk.page.screenshot({ clip: { x: 0, y: 0, width: 60, height: 40 } })).toString('base64');
  for (const own of [{ kind: 'note', title: 'What Mam says', text: 'This too.' }, { kind: 'link', title: 'Quiet songs', url: 'https://music.example.org/quiet' }, { kind: 'photo', title: 'The sky', photo: png }]) await hers.put(`/me/pack/additions/${uuidv7()}`, { made_at: at, shared: true, ...own });
  await desk.go(`#/clients/${rhian.id}/pack`);
  await desk.page.getByRole('img', { name: /^Photo shared by Rhian/ }).waitFor();
  await desk.unfold('Add from the library');
  await desk.page.getByLabel('Find a piece').fill('sleep');
  await desk.press(/^Add.*Sleep starts in the morning$/);
  await look(desk, 'client-pack');
  await dee.put(`/team/clients/${rhian.id}/pack`, { revision: (await dee.get(`/team/clients/${rhian.id}/pack`)).revision, chosen: [{ ...chosen[0], why: 'In a flask, for the night.' }, chosen[1]] });
  await desk.press('Save the pack');
  await desk.heading('Somebody changed this pack meanwhile');
  await look(desk, 'client-pack-conflict');
  await desk.press('Take it as it stands now');
  await desk.clientPage(rhian);
  await desk.sees('Rhian shares 4 things.');
  await look(desk, 'client');
}

story('screens: the library at a desk, and in the dark', async (world) => {
  const dark = ['list', 'piece', 'compare', 'editor-faults', 'editor-conflict', 'figures', 'client-pack'];
  await everyScreen(world, DESK, async (desk, name) => {
    await desk.passes(`library-${name}`);
    if (dark.includes(name)) await desk.inTheDark(() => desk.passes(`library-${name}-dark`));
  });
});

story('screens: the library on a small phone', async (world) => {
  await everyScreen(world, PHONE, (desk, name) => desk.passes(`library-${name}-phone`));
});

storyInSoak('screens: the library with text twice as large', async (world) => {
  const few = ['list', 'piece', 'editor', 'client-pack'];
  await everyScreen(world, { ...PHONE, largeText: true }, (desk, name) => (few.includes(name) ? desk.passes(`library-${name}-large`) : desk.noSidewaysScroll(name)));
});
