import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('reading: on paper stand the title, the text and where it comes from, and nothing to press', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.readNamed('slow-breathing');
  await phone.heading('Where this comes from');
  await phone.page.emulateMedia({ media: 'print' });
  await phone.picture('print-article');
  const paper = await phone.text();
  for (const words of ['Slow breathing', 'Not yet reviewed by Harbour Support', 'In the next five minutes', 'Sip some water.', 'Where this comes from', 'https://www.nhs.uk/mental-health/self-help/guides-tools-and-activities/breathing-exercises-for-stress/']) {
    assert.ok(paper.includes(words), `“${words}” is on the paper`);
  }
  assert.deepEqual(await pressable(phone), [], 'nothing to press, no bar, no link that only leads on');
  await phone.noSidewaysScroll('print-article');
});

story('reading: the first-aid box on paper has its numbers and its first minutes', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.page.getByRole('link', { name: /^My first-aid box/ }).click();
  await phone.sees('Nothing is in it yet. Best to fill it on a good day, so that it is here on a bad one.');
  await phone.press(/^Put it in.*Slow breathing$/);
  await phone.page.evaluate(() => (window.print = () => (window.printed = true)));
  await phone.press('Print my first-aid box');
  await phone.page.waitForFunction(() => window.printed);
  await phone.page.emulateMedia({ media: 'print' });
  await phone.picture('print-first-aid');
  const paper = await phone.text();
  for (const words of ['My first-aid box', 'Slow breathing', 'Breathe out first. A sigh will do.', '116 123', '01632 960 000']) assert.ok(paper.includes(words), `“${words}” is on the paper`);
  assert.deepEqual(await pressable(phone), []);
});

story('reading: Welsh and Easy Read are one tap away, marked as what they are', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  const spokenIn = (locator) => locator.evaluate((one) => one.closest('[lang]').lang);
  const title = () => phone.page.getByRole('heading', { level: 1 });
  await phone.openPack();
  await phone.readNamed('sleep');
  await phone.heading('Sleep starts in the morning');
  const standard = await phone.article.innerText();
  assert.equal(await spokenIn(phone.article), 'en');

  await phone.press('Easy Read');
  await phone.page.getByRole('button', { name: 'Standard text' }).waitFor();
  const easy = await phone.article.innerText();
  assert.notEqual(easy, standard);
  // Chosen once, it is so everywhere.
  await phone.readNamed('awake-at-two');
  await phone.page.getByRole('button', { name: 'Standard text' }).waitFor();
  await phone.readNamed('sleep');
  await phone.press('Standard text');
  await phone.page.getByRole('button', { name: 'Easy Read' }).waitFor();

  await phone.press('Read in Welsh');
  await phone.sees('This Welsh text has not been checked by a native speaker yet.');
  assert.deepEqual([await spokenIn(title()), await spokenIn(phone.article)], ['cy', 'cy'], 'a voice reads Welsh as Welsh');
  assert.equal(await spokenIn(phone.page.getByText('This Welsh text has not been checked')), 'en', 'and what the app says as what it is');
  await phone.passes('article-welsh');
  await phone.press('Read in English');
  await phone.heading('Sleep starts in the morning');

  // Welsh for the whole app: the pack speaks it, texts come in it where there is one, and none is called Welsh that is not.
  await phone.load(`${world.provider.url}/#/suits`);
  await phone.page.getByRole('radio', { name: 'Cymraeg' }).check();
  await phone.page.getByRole('navigation').getByRole('link', { name: 'Pecyn' }).click();
  await phone.heading('Fy mhecyn');
  assert.equal(await spokenIn(title()), 'cy');
  await phone.passes('pack-welsh');
  await phone.readNamed('sleep');
  await phone.sees('Nid yw siaradwr brodorol wedi gwirio’r testun Cymraeg hwn eto.');
  assert.equal(await spokenIn(phone.article), 'cy');
  await phone.readNamed('anger');
  await phone.heading('Anger');
  assert.deepEqual([await spokenIn(title()), await spokenIn(phone.article)], ['en', 'en']);
  await phone.sees(/Heb ei adolygu eto gan Harbour Support/);
});

story('reading: a phone with no voice says so, and a page can be larger', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.openPack();
  await phone.readNamed('anger');
  await phone.heading('Anger');
  await phone.press('Listen');
  await phone.sees(/This phone has no English voice of its own|Reading aloud/);
  const height = () => phone.article.evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  const before = await height();
  await phone.unfold('Text size and print');
  await phone.page.getByRole('radio', { name: 'Largest' }).check();
  assert.ok((await height()) > before * 1.3);
  await phone.passes('article-largest');
  await phone.page.reload();
  await phone.heading('Anger');
  assert.ok((await height()) > before * 1.3, 'and stays so');
});

/** What could be pressed in the page as it is now, and the bars around it. */
const pressable = (phone) => phone.page.evaluate(() => [...document.querySelectorAll('button, input, select, textarea, summary, nav, .bar')].filter((one) => one.checkVisibility()).map((one) => one.outerHTML.slice(0, 80)));
