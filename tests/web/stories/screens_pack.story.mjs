// Every screen of the pack on the client's phone, looked at hard (lib/screen.mjs). The further steps of the exercises: exercises.story.mjs.
import { story, storyInSoak } from '../lib/story.mjs';
import { text } from '../lib/text.mjs';

/** Each with a button of its first step. */
const EXERCISES = { 'slow-breathing': 'Start', 'five-senses': 'Write them down', 'worry-time': 'Put it down', 'one-small-step': 'Next', 'letter-to-myself': 'One question at a time', 'what-helped-last-time': 'Save what helped' };

/** Goes through a pack in which there is something everywhere, and calls `look` on every screen there is. */
async function everyScreen(world, phone, look) {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const go = (place) => phone.load(`${provider.url}/#/${place}`);
  const drink = await world.publish(text({ title: 'A warm drink', helps_with: ['sleep'], body: '## In the next five minutes\n\nPut the **kettle** on.\n\n> It tastes of nothing, and it is warm.\n\n1. Find a mug.\n2. Look at [how to sleep](resource:sleep), or ring [Samaritans](tel:116123).' }));
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.openPack();
  await look('empty');
  await go('first-aid');
  await phone.sees('You could put in');
  await look('first-aid-empty');

  const pieces = await Promise.all(['sleep', 'worry-time', 'hope'].map((slug) => world.piece(slug)));
  const { revision } = await dee.get(`/team/clients/${rhian.id}/pack`);
  await dee.put(`/team/clients/${rhian.id}/pack`, { revision, chosen: [{ resource_id: pieces[0].id, why: 'You said the nights are longest, and that you would rather do something than lie there.' }, { resource_id: pieces[1].id, why: null }] });
  await go('add');
  await phone.heading('Add something of mine');
  await look('add');
  await go('add/note');
  await phone.press('Save');
  await phone.sees('Give it a name, so that you find it again.');
  await look('add-note-wrong');
  await phone.addNote('What Mam says', 'This too.\nAnd put your coat on.', { shared: true });
  await phone.press('Put in my first-aid box');
  await phone.page.getByRole('button', { name: 'In my first-aid box' }).waitFor();
  await look('own-note');
  await phone.press('Delete it');
  await phone.sees(/^Delete this\?/);
  await look('own-delete');
  await phone.press('No, keep it');

  await go('add/photo');
  await phone.page.locator('input[type=file]').setInputFiles({ name: 'sky.png', mimeType: 'image/png', buffer: await phone.page.screenshot() });
  await phone.page.getByRole('img', { name: 'Your photo' }).waitFor();
  await phone.page.getByLabel('What to call it').fill('The sky that day');
  await look('add-photo');
  await phone.press('Save');
  await phone.page.getByRole('heading', { name: 'The sky that day', level: 1 }).waitFor();
  await phone.page.getByRole('img', { name: 'Your photo' }).waitFor();
  await look('own-photo');
  await go('add/link');
  await phone.page.getByLabel('The link').fill('music.example.org/quiet');
  await phone.page.getByLabel('What to call it').fill('Quiet songs');
  await look('add-link');
  await phone.press('Save');
  await phone.page.getByRole('link', { name: /^Open music\.example\.org/ }).waitFor();
  await look('own-link');
  await go('add/018f0000-0000-7000-8000-000000000000');
  await phone.sees('That is not on this phone any more.');
  await look('own-unknown');

  await phone.readNamed(drink.slug);
  await phone.press('Put in my first-aid box');
  await phone.press('Save this page');
  await phone.press('Not for me');
  await phone.unfold('Text size and print');
  await look('article');
  await world.publish(text({ title: 'A warm drink', body: '## In the next five minutes\n\nFill a flask.' }), drink);
  await phone.aMinuteLater();
  await phone.sees('There is a newer version.');
  await phone.press('Listen');
  await phone.sees(/no English voice|Reading aloud/);
  await look('article-newer');
  for (const [slug, button] of Object.entries(EXERCISES)) {
    await phone.readNamed(slug);
    await phone.page.getByRole('button', { name: button }).waitFor();
    await look(slug);
  }
  await phone.readNamed('nothing-of-that-name');
  await phone.heading('This is not in your pack');
  await look('article-gone');

  await phone.openPack();
  await phone.sees('Dee chose this with you.');
  await look('full');
  await phone.finds('cant slepp', 'Awake at two in the morning');
  await look('search');
  await phone.page.getByLabel('Search your pack').fill('zeppelin');
  await phone.sees('We have nothing about that yet. Sorry. It was a good thing to look for.');
  await look('search-none');
  await go('topic/feelings');
  await phone.heading('Feelings');
  await look('topic');
  await go('first-aid');
  await phone.press('Change what is in it');
  await phone.press(/^Up.*A warm drink$/);
  await look('first-aid-change');
  await phone.press('Done');
  await phone.sees('And put your coat on.');
  await look('first-aid');

  await phone.checkIn({ 'How have you been sleeping?': 2 });
  await phone.suggestion.getByRole('link').waitFor();
  await look('thanks');
  await phone.go('Today');
  await phone.suggestion.getByRole('link').waitFor();
  await look('today');
  await phone.go('Me');
  await phone.page.getByRole('switch', { name: 'Count what I read' }).click();
  await phone.sees('Not counted from now on.');
  await look('me');

  await world.lead.post(`/team/resources/${drink.id}/retire`, { withdraw: false });
  await phone.openPack();
  await phone.aMinuteLater();
  await phone.sees('No longer offered. You keep it.');
  await phone.loseSignal();
  await phone.sees(/No signal right now/);
  await look('offline');
}

story('screens: the pack on a small phone, in the dark and on a wide screen', async (world) => {
  const phone = await world.phone();
  const dark = ['full', 'article', 'article-newer', 'first-aid', 'first-aid-change', 'own-note', 'own-delete', 'add-note-wrong', 'search-none', 'today', ...Object.keys(EXERCISES)];
  const wide = ['full', 'article', 'slow-breathing', 'first-aid'];
  await everyScreen(world, phone, async (name) => {
    await phone.passes(`pack-${name}`);
    if (dark.includes(name)) await phone.inTheDark(() => phone.passes(`pack-${name}-dark`));
    await phone.onAScreenOf(1280, 800, () => (wide.includes(name) ? phone.passes(`pack-${name}-wide`) : phone.noSidewaysScroll(name)));
  });
});

storyInSoak('screens: the pack with text twice as large', async (world) => {
  const phone = await world.phone();
  await phone.open();
  await phone.doubleText();
  const few = ['full', 'article', 'first-aid', 'add-note-wrong'];
  await everyScreen(world, phone, (name) => (few.includes(name) ? phone.passes(`pack-${name}-large`) : phone.noSidewaysScroll(name)));
});
