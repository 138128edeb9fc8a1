// A client with a phone. Each method is one thing a person does, or one thing they can read.
import { Screen } from './screen.mjs';
import { until } from './until.mjs';

export class Phone extends Screen {
  /** Opens the app at its front door. */
  open = () => this.load(`${this.provider.url}/`);

  /** Opens the link of an invite. */
  follow = (link) => this.load(link);

  /** Joins, and goes straight to the app: the first five minutes have a story of their own (welcome.story.mjs). */
  async join(name) {
    await this.press('Join');
    const past = this.page.getByRole('link', { name: 'Straight to the app' });
    const first = past.waitFor().then(() => true, () => false);
    // Who has been through on this phone is not shown it again.
    const before = this.page.waitForURL((url) => url.hash === '#/').then(() => false, () => false);
    if (await Promise.race([first, before])) {
      await past.click();
      // What the server's first answer brings comes in above it, and a tap may miss.
      const enough = this.page.getByRole('button', { name: 'I’ve seen enough' });
      const gone = () => enough.waitFor({ state: 'detached', timeout: 3_000 }).then(() => true, () => false);
      await enough.click();
      while (!(await gone())) await enough.click({ timeout: 3_000 }).catch(() => {});
    }
    await this.page.getByRole('heading', { name: new RegExp(`, ${name}$`) }).waitFor();
  }

  /** A page of the bar; what has no room there is on Today. */
  async go(tab) {
    const bar = (name) => this.page.getByRole('navigation').getByRole('link', { name, exact: true }).click();
    if (tab !== 'My check-ins') return bar(tab);
    await bar('Today');
    await this.page.locator('main').getByRole('link', { name: tab, exact: true }).click();
  }

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

  /** The pack, with all that is in it. */
  async openPack() {
    await this.go('Pack');
    await this.heading('My pack');
    await this.heading('Everything, by topic');
  }
  /** Follows a link to a page of the pack, from wherever it is named. */
  async read(title, link = title) {
    await this.page.locator('main').getByRole('link', { name: link }).first().click();
    await this.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  }
  /** A page of the pack by its name in links, as from a bookmark. */
  readNamed = (slug) => this.load(`${this.provider.url}/#/pack/${slug}`);
  /** The text itself, without what stands around it. */
  get article() {
    return this.page.locator('.blocks').first();
  }

  /** One of the parts of a page, by its heading. */
  part = (name) => this.page.locator('section').filter({ has: this.page.getByRole('heading', { name, exact: true }) });
  /** The titles under one heading of the pack, from the top. */
  titles = (name) => this.part(name).locator('li .title').allInnerTexts();

  /** Types into the search of the pack until this is among what was found. */
  async finds(words, title) {
    const [field, found] = [this.page.getByLabel('Search your pack'), this.part('Search your pack').getByRole('listitem')];
    await field.fill('');
    await found.first().waitFor({ state: 'detached' });
    await field.fill(words);
    await found.getByRole('link', { name: title }).first().waitFor();
  }

  /** A minute goes by with the app open, and it asks what is new. An answer to what it asked before counts for nothing. */
  async aMinuteLater() {
    for (let minutes = 0; minutes < 10; minutes++) {
      const asked = this.page.waitForRequest(/\/me\/sync$/, { timeout: 4_000 }).catch(() => null);
      await this.page.clock.setSystemTime((await this.page.evaluate(() => Date.now())) + 60_000);
      await this.look();
      if (await (await asked)?.response()) return;
    }
    throw new Error('the phone did not ask what is new');
  }

  /** Something of one's own: words, kept, and on the page that shows them. */
  async addNote(title, words, { shared = false } = {}) {
    await this.load(`${this.provider.url}/#/add/note`);
    await this.page.getByLabel('What to call it').fill(title);
    await this.page.getByLabel('Your words').fill(words);
    if (shared) await this.page.getByRole('radio', { name: /^Share with/ }).check();
    await this.press('Save');
    await this.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  }

  /** The one thing that is suggested after a check-in. */
  get suggestion() {
    return this.page.locator('.card').filter({ has: this.page.getByRole('heading', { name: /^(One thing that may help|From your pack)$/ }) });
  }

  /** The lines of the ladder, from the top. */
  ladder = () => this.page.locator('main ol li > span:nth-of-type(1)').allInnerTexts();
  /** Looks again and again, as people do, until a line of the ladder has come true. */
  async learns(words) {
    const rung = this.page.locator('main ol li').filter({ hasText: words });
    for (let looks = 0; looks < 60 && !(await rung.isVisible()); looks++) {
      await this.look();
      await rung.waitFor({ timeout: 500 }).catch(() => {});
    }
    await rung.waitFor({ timeout: 500 });
  }
  rung = (words) => this.page.locator('main ol li').filter({ hasText: words }).waitFor();

  /** The app is on this phone: from now on it opens with no network, and so does each page of it that was not yet opened. */
  keptOnPhone = () => this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated', null, { timeout: 120_000 });

  /** These words are in the phone's own store, and would be there after a power cut. Views show some things a moment earlier. */
  async stored(words, { store = 'cache', name } = {}) {
    // As the app opens it (store/seal.ts): the key is the browser's, and does its work for every page of this app.
    const found = async ([store, name, source]) => {
      const asked = (request) => new Promise((done, fail) => Object.assign(request, { onsuccess: () => done(request.result), onerror: () => fail(request.error) }));
      const db = await asked(indexedDB.open('companion'));
      const [rows, keys] = await Promise.all([asked(db.transaction(store).objectStore(store).getAll()), asked(db.transaction('keys').objectStore('keys').getAll())]);
      db.close();
      const open = async (row) => {
        if (!row.box) return JSON.stringify(row);
        const own = keys.find((one) => one.client_id === row.client_id);
        const key = row.by === 'device' ? own?.device : own?.data;
        const bound = new TextEncoder().encode(JSON.stringify([store, store === 'cache' ? [row.client_id, row.name] : (row.id ?? 'session'), row.client_id]));
        return key ? new TextDecoder().decode(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.nonce, additionalData: bound }, key, row.box).catch(() => new ArrayBuffer(0))) : '';
      };
      const opened = await Promise.all(rows.filter((row) => !name || row.name === name).map(open));
      return opened.some((text) => new RegExp(source, 'u').test(text));
    };
    for (let looks = 0; looks < 300; looks++) {
      if (await this.page.evaluate(found, [store, name, words.source])) return;
      await new Promise((later) => setTimeout(later, 100));
    }
    throw new Error(`${words} never was in the phone's ${store}`);
  }

  /** As many pictures of the texts are in the phone's own store. */
  picturesKept = (many) =>
    this.page.evaluate(async (wanted) => {
      const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
      const count = () => new Promise((done) => (db.transaction('images').objectStore('images').count().onsuccess = (event) => done(event.target.result)));
      while ((await count()) !== wanted) await new Promise((later) => setTimeout(later, 50));
      db.close();
    }, many);

  /** No network, and the browser says so; complaints about it belong to the story. */
  async loseSignal() {
    // Only then does the app promise anything: before that it may still be on its way to the phone.
    if (this.page?.url().startsWith(this.provider.url)) await this.keptOnPhone();
    // Which of its network errors the browser names depends on the moment the signal goes.
    this.context.expect(/net::ERR_(?!BLOCKED)/);
    await this.context.setOffline(true);
  }
  findSignal = () => this.context.setOffline(false);
  /** And the app has noticed: the line that said so has gone, and what stood below it has moved up. */
  async signalIsBack() {
    await this.findSignal();
    await this.gone('What you save stays on this phone until it can go.');
  }

  /** Goes on from Today on a phone that has just joined: the pack comes last, and its button above what the person is about to tap. */
  async fromToday(link) {
    await this.page.locator('main a[href="#/first-aid"]').waitFor();
    await this.page.getByRole('link', { name: link }).click();
  }

  /** What suits the person is changed, and written down: a page that is left at once has not done that yet. */
  async chooses(change) {
    const chosen = () =>
      this.page.evaluate(async () => {
        const db = await new Promise((done) => (indexedDB.open('companion').onsuccess = (event) => done(event.target.result)));
        const preferences = await new Promise((done) => (db.transaction('kept').objectStore('kept').get('preferences').onsuccess = (event) => done(event.target.result)));
        db.close();
        return JSON.stringify(preferences ?? null);
      });
    const before = await chosen();
    await change();
    await until(chosen, (now) => now !== before);
  }

  /** Turns the lock on, from the page about this phone. */
  async lockWithPin(pin) {
    await this.load(`${this.provider.url}/#/lock`);
    await this.page.getByLabel('A new PIN').fill(pin);
    await this.page.getByLabel('The same again').fill(pin);
    await this.press('Turn the lock on');
    await this.sees('The lock is on.');
  }
  async unlock(pin) {
    await this.heading('Locked');
    await this.page.getByLabel('Your PIN').fill(pin);
    await this.press('Open');
  }
}
