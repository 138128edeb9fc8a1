// The six exercises, each walked to its end with nothing but a keyboard on a small phone.
import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

/** What the exercise itself says; the text about it has the same words. */
const saysNow = (phone, words) => phone.page.locator('.room p[aria-live]').getByText(words, { exact: true }).waitFor();

/** A phone with its pack, and hands that only know the keyboard. */
async function keyboard(world, screen) {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian, screen);
  await phone.openPack();
  const type = (words) => phone.page.keyboard.type(words);
  const press = (key) => phone.page.keyboard.press(key);
  return {
    rhian, phone, type, press,
    open: async (slug, title) => {
      await phone.readNamed(slug);
      await phone.page.getByRole('heading', { name: title, level: 1 }).waitFor();
    },
    at: (words) => phone.tabTo(words),
    go: async (words, heading) => {
      await phone.tabTo(words);
      await press('Enter');
      await phone.page.getByRole('heading', { name: heading, level: 2 }).waitFor();
    },
    /** Where the eye goes, the focus goes too. */
    focused: (words) => phone.page.waitForFunction((source) => new RegExp(source).test(document.activeElement?.textContent ?? ''), words.source),
  };
}

story('exercises: slow breathing by keyboard, changed, stopped, and to its end', async (world) => {
  const { phone, press, open, at, go, focused } = await keyboard(world);
  await open('slow-breathing', 'Slow breathing');
  await phone.sees('If this makes you dizzy or more afraid, stop. It isn’t for everybody.');
  await at(/^Change how it goes$/);
  await press('Enter');
  await at(/^1 minute|For how long/);
  while (!(await phone.page.getByRole('radio', { name: '1 minute' }).isChecked())) await press('ArrowUp');
  await phone.sees(/It goes on for one minute\./);
  await phone.passes('exercise-breathing');

  await phone.stopTheClock();
  await press('Home');
  await phone.tabTo(/^Start$/, 'Shift+Tab');
  await press('Enter');
  await focused(/^Small, easy breaths$/);
  await phone.sees('In a moment');
  await phone.page.clock.runFor(2_500);
  await saysNow(phone, 'Breathe in');
  await phone.page.clock.resume();
  await phone.passes('exercise-breathing-running');
  await go(/^Stop$/, 'You’ve stopped');
  await focused(/^You’ve stopped$/);
  await go(/^Go again$/, 'Small, easy breaths');
  await phone.page.clock.runFor(75_000);
  await phone.heading('That’s the end of it');
  await focused(/^That’s the end of it$/);
  await phone.sees('Let your breath go its own way again. If you feel dizzy, stay sitting for a bit.');
  await phone.passes('exercise-breathing-end');
  await at(/^Five senses$/);
  await press('Enter');
  await phone.page.getByRole('heading', { name: 'Five senses', level: 1 }).waitFor();
});

story('exercises: five senses by keyboard, written down, kept, and there again', async (world) => {
  const { phone, type, open, at, press, go, focused } = await keyboard(world);
  await open('five-senses', 'Five senses');
  await phone.passes('exercise-senses');
  await at(/^Write them down$/);
  await press('Enter');
  await focused(/^$/);
  await type('The blue mug');
  await go(/^Next$/, 'Four things you can feel');
  await go(/^I can’t find one$/, 'Three things you can hear');
  await phone.sees('That’s fine. Try this one instead.');
  await phone.passes('exercise-senses-instead');
  await go(/^Next$/, 'Two things you can smell');
  await go(/^Next$/, 'One thing you can taste');
  await go(/^Next$/, 'You’ve been all the way round');
  await phone.sees('I could see: The blue mug');
  await phone.sees('This is not kept unless you say so.');
  await phone.passes('exercise-senses-end');
  await at(/^Keep what I wrote$/);
  await press('Enter');
  await phone.sees('Saved on this phone.');
  await focused(/^Saved on this phone\.$/);

  await phone.openPack();
  await phone.page.getByRole('link', { name: /^Five senses, / }).waitFor();
  await phone.readNamed('five-senses');
  await at(/^One you kept before$/);
  await press('Enter');
  await phone.sees('I could see: The blue mug');
});

story('exercises: worry time by keyboard, from putting down to looking again', async (world) => {
  const { phone, type, open, at, press, go, focused } = await keyboard(world);
  await open('worry-time', 'Worry time');
  await at(/^One worry/);
  await type('The rent letter');
  await at(/^Put it down$/);
  await press('Enter');
  await phone.sees('The rent letter');
  await phone.page.waitForFunction(() => document.activeElement?.id === 'worry');
  await type('My sister');
  await phone.passes('exercise-worry');
  await go(/^Choose when to look$/, 'When will you look at them?');
  await focused(/^When will you look at them\?$/);
  await phone.passes('exercise-worry-when');
  await go(/^Leave here for now$/, 'Put down for now');
  await phone.sees(/^When to look: /);
  await phone.passes('exercise-worry-done');

  await phone.openPack();
  await open('worry-time', 'Worry time');
  await phone.heading('Worries you put down');
  await at(/^Still a worry.*The rent letter|The rent letter/);
  await press('ArrowUp'); // the last: something I can do
  await phone.page.getByRole('link', { name: 'Make it one small step' }).waitFor();
  await at(/My sister$/);
  await press('Space');
  await phone.passes('exercise-worry-look');
  await go(/^Save how things are now$/, 'When will you look at it?');
  await go(/^Leave here for now$/, 'How things are now');
  await at(/^Make it one small step: The rent letter$/);
  await press('Enter');
  await phone.sees('The thing: The rent letter');
});

story('exercises: one small step by keyboard, until it is small enough and done', async (world) => {
  const { phone, type, open, at, press, go } = await keyboard(world);
  await open('one-small-step', 'One small step');
  await phone.passes('exercise-step');
  await at(/^Next$/);
  await press('Enter');
  await phone.sees('Put the thing in a few words first.');
  await type('The kitchen');
  await go(/^Next$/, 'Cut it down');
  await phone.sees('What would be the very first bit of it? Only the first bit.');
  await at(/^Still too big$/);
  await press('Enter');
  await phone.sees('What do you need in your hand to begin?');
  await at(/^I will/);
  await type('Wash one cup.');
  await phone.passes('exercise-step-cut');
  await go(/^Yes, that would do$/, 'When, or where?');
  await phone.sees('After my tea, I will wash one cup.');
  await phone.passes('exercise-step-when');
  await go(/^Save my step$/, 'Your small step');
  await phone.passes('exercise-step-done');

  await phone.openPack();
  await open('one-small-step', 'One small step');
  await phone.sees('After my tea, I will wash one cup.');
  await phone.passes('exercise-step-how');
  await go(/^Not today$/, 'Not today, then');
  await go(/^Keep it as it is$/, 'It is still here');
  await phone.openPack();
  await open('one-small-step', 'One small step');
  await go(/^I did it$/, 'That one is done');
  await phone.passes('exercise-step-went');
});

story('exercises: a letter by keyboard, left half written, found again, kept, and read offline after a restart', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const profile = await world.profile();
  let phone = await world.phoneWith(profile);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.openPack();
  await phone.keptOnPhone();
  const type = (words) => phone.page.keyboard.type(words);
  const go = async (words, heading) => {
    await phone.tabTo(words);
    await phone.page.keyboard.press('Enter');
    await phone.page.getByRole('heading', { name: heading, level: 2 }).waitFor();
  };
  await phone.readNamed('letter-to-myself');
  await phone.heading('A letter for a bad day, from you');
  await phone.passes('exercise-letter');
  await go(/^One question at a time$/, 'What is a bad day like?');
  await phone.tabTo(/What is a bad day like/);
  await type('I stop opening the curtains.');
  await phone.passes('exercise-letter-write');
  await phone.stored(/I stop opening the curtains\./);

  // She leaves in the middle of it, and the phone goes off; no signal when it comes on again.
  await phone.go('Help');
  await phone.heading('Help now');
  await phone.context.close();
  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.load(`${world.provider.url}/#/pack/letter-to-myself`);
  await phone.heading('What is a bad day like?');
  assert.equal(await phone.page.getByLabel('What is a bad day like?').inputValue(), 'I stop opening the curtains.');

  await go(/^Next$/, 'What has helped?');
  await phone.tabTo(/What has helped/);
  await type('The cat.');
  await go(/^Next$/, 'Who could you ring?');
  await phone.tabTo(/Who could you ring/);
  await type('Dai, 01632 960 111');
  await go(/^Next$/, 'What do you want to hear?');
  await go(/^See it as a letter$/, 'How it reads');
  await phone.passes('exercise-letter-preview');
  await go(/^Keep this letter$/, 'Your letter is kept');

  // Once more off and on, still with no signal: the letter opens first, its number can be rung, and it is among her things.
  await phone.context.close();
  phone = await world.phoneWith(profile);
  await phone.loseSignal();
  await phone.load(`${world.provider.url}/#/pack/letter-to-myself`);
  await phone.heading('Your letter');
  await phone.sees('I stop opening the curtains.');
  assert.equal(await phone.page.getByRole('link', { name: 'Ring 01632 960 111' }).getAttribute('href'), 'tel:01632960111');
  await phone.passes('exercise-letter-kept');
  await phone.openPack();
  await phone.read(/^Letter to myself, /);
  await phone.sees('Saved on this phone. It will go when you have signal.');
  await phone.sees('Only me');
});

story('exercises: what helped by keyboard, from the list and in one’s own words', async (world) => {
  const { phone, type, open, at, press, go } = await keyboard(world);
  await open('what-helped-last-time', 'What helped last time');
  await at(/^Save what helped$/);
  await press('Enter');
  await phone.sees('Pick one thing, or write one. If nothing helped, that is worth telling someone you trust.');
  await phone.tabTo(/^A hot drink/, 'Shift+Tab');
  await press('Space');
  await phone.page.getByRole('checkbox', { name: 'A hot drink' }).and(phone.page.locator(':checked')).waitFor();
  await phone.tabTo(/^In your own words/, 'Shift+Tab');
  await type('Ringing Dai');
  await phone.passes('exercise-helped');
  await go(/^Save what helped$/, 'Your list is kept');
  await phone.passes('exercise-helped-done');
  await phone.openPack();
  await open('what-helped-last-time', 'What helped last time');
  await phone.heading('What helped before');
  await phone.sees('Ringing Dai');
  await phone.passes('exercise-helped-before');
});

story('exercises: with less motion nothing moves in slow breathing, and the words change', async (world) => {
  const { phone, open } = await keyboard(world, { reducedMotion: 'reduce' });
  await open('slow-breathing', 'Slow breathing');
  await phone.heading('Breathe with the words');
  await phone.stopTheClock();
  await phone.press('Start');
  const places = () =>
    phone.page.evaluate(() => ({
      moving: document.getAnimations().length,
      // Everything but the words themselves: where it stands, how large it is, how it is turned or scaled.
      boxes: [...document.querySelectorAll('main *:not(p)')].filter((one) => one.checkVisibility()).map((one) => {
        const { x, y, width, height } = one.getBoundingClientRect();
        const { transform, opacity, backgroundColor } = getComputedStyle(one);
        return [one.tagName, x, y, width, height, transform, opacity, backgroundColor].join(' ');
      }),
    }));
  await phone.sees('In a moment');
  const before = await places();
  assert.equal(before.moving, 0);
  for (const [wait, words] of [[2_500, 'Breathe in'], [2_000, 'Breathe in'], [2_500, 'Breathe out'], [6_500, 'Breathe in']]) {
    await phone.page.clock.runFor(wait);
    await phone.sees(words);
    assert.deepEqual(await places(), before, `nothing moved at “${words}”`);
  }
});

story('exercises: the circle moves for those who did not ask for less motion, and stops when they want words only', async (world) => {
  const { phone, open } = await keyboard(world);
  await open('slow-breathing', 'Slow breathing');
  await phone.heading('Breathe with the circle');
  await phone.press('Start');
  await saysNow(phone, 'Breathe in');
  await phone.page.waitForFunction(() => document.getAnimations().length > 0);
  await phone.press('Stop');
  await phone.press('Change how it goes');
  await phone.unfold('Change how it goes');
  await phone.page.getByLabel('Words only, nothing that moves').check();
  await phone.press('Start');
  await saysNow(phone, 'Breathe in');
  assert.equal(await phone.page.evaluate(() => document.getAnimations().length), 0);
});
