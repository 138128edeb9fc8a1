import assert from 'node:assert/strict';
import { story } from '../lib/story.mjs';

const spokenIn = (locator) => locator.evaluate((one) => one.closest('[lang]').lang);

story('languages: Welsh for the whole app, kept on the phone, and a crisis stays in English', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.keptOnPhone();
  await phone.go('Me');
  await phone.page.getByRole('link', { name: /^Look or change ?: How this app talks to me$/ }).click();
  await phone.sees('A native speaker has not checked our Welsh yet.', { exact: false });
  await phone.page.getByRole('radio', { name: 'Cymraeg' }).check();
  await phone.heading('Sut mae’r ap hwn yn siarad â mi');
  assert.equal(await phone.page.evaluate(() => document.documentElement.lang), 'cy');

  const bar = phone.page.getByRole('navigation');
  await bar.getByRole('link', { name: 'Help' }).click();
  await phone.heading('Help nawr');
  const line = phone.page.getByRole('link', { name: /Ring 116 123/ });
  assert.equal(await spokenIn(line), 'en');
  await phone.page.getByRole('link', { name: 'Hoffwn i rywun gysylltu â mi' }).click();
  await phone.heading('Gofyn am gyswllt');
  assert.equal(await spokenIn(phone.page.getByText('If a life is at risk, ring 999.')), 'en');
  assert.equal(await spokenIn(phone.page.getByRole('heading', { level: 1 })), 'cy');
  await phone.press('Gofyn am gyswllt');
  await phone.rung('Wedi cyrraedd Harbour Support');

  // With no signal it opens in Welsh, and no English word of the page is shown first.
  await phone.loseSignal();
  const headings = [];
  await phone.page.exposeFunction('headingShown', (words) => headings.push(words));
  await phone.page.addInitScript(() => {
    const tell = () => {
      const words = document.querySelector('main h1')?.textContent;
      if (words) globalThis.headingShown(words);
    };
    new MutationObserver(tell).observe(document, { childList: true, subtree: true, characterData: true });
  });
  await phone.open();
  await phone.page.getByRole('group', { name: 'Sut mae eich hwyliau wedi bod?' }).waitFor();
  assert.ok(headings.length > 0);
  for (const words of headings) assert.match(words, /^(Bore da|Prynhawn da|Noswaith dda|Helo), Rhian$/);
});

story('languages: the keyboard checks in, and a voice is told the truth, in Welsh', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  const phone = await world.phoneOf(rhian);
  await phone.load(`${world.provider.url}/#/suits`);
  await phone.page.getByRole('radio', { name: 'Cymraeg' }).check();
  await phone.page.getByRole('switch', { name: 'Darllen tudalennau i mi' }).check();
  await phone.press('Darllen y dudalen hon i mi');
  await phone.sees(/Does gan y ffôn hwn ddim llais Cymraeg|Stopio darllen/);
  await phone.load(`${world.provider.url}/#/check-in`);
  await phone.page.getByRole('group', { name: 'Sut mae eich hwyliau wedi bod?' }).waitFor();
  await phone.tabTo(/Sut ydych chi wedi bod yn cysgu/);
  await phone.page.keyboard.press('ArrowRight');
  const worst = phone.page.getByText('That sounds very hard.');
  await worst.waitFor();
  assert.equal(await spokenIn(worst), 'en');
  await phone.tabTo(/^Cadw fy nghofnod/);
  await phone.page.keyboard.press('Enter');
  await phone.heading('Diolch');
  await phone.sees(/^Mae hwn gan Harbour Support/);
});
