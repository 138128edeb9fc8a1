import { story } from '../lib/story.mjs';

story('full: a phone with no room says so, keeps the words in the form, and saves them when there is room again', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.question('How has your mood been?').waitFor();
  await phone.openPack();
  await phone.keptOnPhone();
  // As the browser does it when nothing more fits: the request fails, and takes its transaction with it.
  const full = (is) =>
    phone.page.evaluate((is) => {
      window.put ??= IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = !is ? window.put : function (...row) {
        if (this.name === 'kept') return window.put.apply(this, row);
        throw new DOMException('no room', 'QuotaExceededError');
      };
    }, is);
  phone.context.expect(/QuotaExceeded|quota/i);
  await full(true);
  await phone.load(`${phone.provider.url}/#/check-in`);
  await phone.answer('How has your mood been?', 2);
  await phone.page.getByLabel('Anything you want to add?').fill('The rain helped.');
  await phone.press('Save my check-in');
  await phone.sees(/This phone is full: your check-in was not saved\. What you typed is still here\./);
  await phone.passes('full-check-in');
  await phone.openSheet();
  await phone.page.getByLabel('A few words, if you want').fill('Please ring.');
  await phone.press('Ask for contact');
  await phone.sees(/This phone is full: what you asked was not saved\./);
  await phone.sees(/It has not gone\. Please ring\./);
  await full(false);
  await phone.press('Ask for contact');
  await phone.heading('You asked for contact');
  await phone.load(`${phone.provider.url}/#/check-in`);
  await phone.page.getByLabel('Anything you want to add?').waitFor();
  await phone.press('Save my check-in');
  await phone.heading('Thank you');
});

story('full: with the lock on, the right PIN opens a phone on which nothing can be written', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.question('How has your mood been?').waitFor();
  await phone.lockWithPin('blue7bird');
  phone.context.expect(/QuotaExceeded|quota|no room/i);
  await phone.load(`${world.provider.url}/#/`);
  await phone.page.addInitScript(() => {
    IDBObjectStore.prototype.put = () => {
      throw new DOMException('no room', 'QuotaExceededError');
    };
  });
  await phone.page.reload();
  await phone.heading('Locked');
  await phone.unlock('wrong');
  await phone.sees('That was not right. Nothing has changed.');
  await phone.unlock('blue7bird');
  await phone.heading(/, Rhian$/);
  await phone.question('How has your mood been?').waitFor();
});

story('full: a phone whose store does not answer shows numbers to ring, and not that nobody has joined', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const phone = await world.phoneOf(await world.client('Rhian', [dee]));
  await phone.keptOnPhone();
  await phone.page.addInitScript(() => {
    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...named) {
      return Object.assign(open.apply(this, named), { addEventListener: () => undefined });
    };
  });
  await phone.page.reload();
  await phone.heading('Still opening');
  await phone.sees(/Ring 116 123/);
  await phone.sees(/Ring 111/);
  await phone.gone('Your code');
  await phone.passes('still-opening');
});
