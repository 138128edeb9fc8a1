// A client with a phone. Each method is one thing a person does, or one thing they can read.
import { Screen } from './screen.mjs';

export class Phone extends Screen {
  /** Opens the app at its front door. */
  open = () => this.load(`${this.provider.url}/`);

  /** Opens the link of an invite. */
  follow = (link) => this.load(link);

  async join(name) {
    await this.press('Join');
    await this.page.getByRole('heading', { name: new RegExp(`, ${name}$`) }).waitFor();
  }

  go = (tab) => this.page.getByRole('navigation').getByRole('link', { name: tab, exact: true }).click();

  /** One question of the check-in, by its words. */
  question = (words) => this.page.getByRole('group', { name: words });
  answer = (words, value) => this.question(words).locator(`input[value="${value}"]`).check();
  skip = (words) => this.question(words).getByRole('radio', { name: 'Skip this one' }).check();

  /** Today, the check-in, answers by the words of their questions, save. */
  async checkIn(answers, note) {
    await this.load(`${this.provider.url}/#/check-in`);
    for (const [words, value] of Object.entries(answers)) await this.answer(words, value);
    if (note) await this.page.getByLabel('Anything you want to add?').fill(note);
    await this.press('Save my check-in');
    await this.heading('Thank you');
  }

  /** One tap from wherever this is, and what the sheet asks. */
  async askForContact({ when, how, words } = {}) {
    await this.openSheet();
    if (when) await this.page.getByRole('radio', { name: when }).check();
    if (how) await this.page.getByRole('radio', { name: how, exact: true }).check();
    if (words) await this.page.getByLabel('A few words, if you want').fill(words);
    await this.press('Ask for contact');
    await this.heading('You asked for contact');
  }
  async openSheet() {
    await this.page.getByRole('link', { name: 'I’d like someone to contact me' }).click();
    await this.heading('Ask for contact');
  }

  /** The lines of the ladder, from the top. */
  ladder = () => this.page.locator('main ol li > span:nth-of-type(1)').allInnerTexts();
  /** Looks again and again, as people do, until a line of the ladder has come true. */
  async learns(words) {
    const rung = this.page.locator('main ol li').filter({ hasText: words });
    for (let looks = 0; looks < 20 && !(await rung.isVisible()); looks++) {
      await this.look();
      await rung.waitFor({ timeout: 500 }).catch(() => {});
    }
    await rung.waitFor({ timeout: 500 });
  }
  rung = (words) => this.page.locator('main ol li').filter({ hasText: words }).waitFor();

  /** The app is on this phone: from now on it opens with no network. */
  async keptOnPhone() {
    await this.page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready;
      if (active.state !== 'activated') await new Promise((done) => active.addEventListener('statechange', () => active.state === 'activated' && done()));
    });
  }

  /** No network, and the browser says so; complaints about it belong to the story. */
  async loseSignal() {
    this.context.expect(/ERR_INTERNET_DISCONNECTED|ERR_CONNECTION_REFUSED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET|ERR_NETWORK_CHANGED/);
    await this.context.setOffline(true);
  }
  findSignal = () => this.context.setOffline(false);

  /** Another tab of the same app. */
  async anotherTab() {
    const tab = new Phone(this.context, this.provider);
    tab.page = await this.context.newPage();
    return tab;
  }
}
