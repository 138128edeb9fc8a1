import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

story('discreet: a neutral name and icon before installing, nothing in titles, and one touch away from elsewhere', async (world) => {
  const { provider } = world;
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const phone = await world.phone();
  await phone.follow((await world.invite(rhian)).url);
  const { page } = phone;
  const links = () => page.evaluate(() => ['manifest', 'icon', 'apple-touch-icon'].map((rel) => document.querySelector(`link[rel="${rel}"]`).getAttribute('href')));
  assert.deepEqual(await links(), ['/manifest.webmanifest', '/icons/icon.svg', '/icons/icon-192.png']);
  await page.getByLabel(/Call the app “Notes”/).check();
  await page.waitForFunction(() => document.title === 'Notes');
  assert.deepEqual(await links(), ['/notes.webmanifest', '/icons/notes.svg', '/icons/notes-192.png']);
  const manifest = await page.evaluate(() => fetch('/notes.webmanifest').then((answer) => answer.json()));
  assert.equal(manifest.name, 'Notes');
  for (const { src } of manifest.icons) assert.equal(await page.evaluate((src) => fetch(src).then((answer) => answer.status), src), 200);
  await phone.passes('join-discreet');
  await phone.join('Rhian');

  await page.getByRole('button', { name: 'Leave now' }).waitFor();
  await phone.passes('today-discreet');
  await phone.inTheDark(() => phone.passes('today-discreet-dark'));
  const pages = () => page.evaluate(() => history.length);
  const before = await pages();
  for (const place of ['pack', 'plan', 'me', 'contact', 'help', 'check-in']) {
    await page.evaluate((place) => (document.querySelector('main').insertAdjacentHTML('beforeend', `<a id="go" href="#/${place}">x</a>`), document.querySelector('#go').click()), place);
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByRole('button', { name: 'Leave now' }).waitFor();
    assert.equal(await page.title(), 'Notes', place);
  }
  assert.equal(await pages(), before, 'no page was left behind');
  // An empty page is what this story can look at; it stands where the app stood.
  await phone.load(`${provider.url}/#/lock`);
  await page.getByLabel('An empty page').check();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Escape');
  await page.waitForURL('about:blank');
  assert.equal(await page.title(), '');
});
