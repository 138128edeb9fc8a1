// A world to tell a story in: a provider of its own, and people with a phone or a desk.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { DESK, openContext, openProfile, PHONE } from './browser.mjs';
import { Desk } from './desk.mjs';
import { Phone } from './phone.mjs';
import { PASSWORD, Provider } from './provider.mjs';
import { Session, signIn, uuidv7 } from './session.mjs';
import { until } from './until.mjs';

const FAILURES = new URL('../failures/', import.meta.url).pathname;

export class World {
  password = PASSWORD;
  #browser;
  #contexts = [];
  #folders = [];

  static async begin(browser) {
    const world = new World();
    world.#browser = browser;
    const provider = (world.provider = await Provider.begin());
    try {
      world.service = await provider.admin.post('/admin/services', { name: 'Out and About', kind: 'flexible_community' });
      world.lead = await world.worker('Pat', 'Lead', ['team_lead']);
    } catch (error) {
      await world.end();
      throw error;
    }
    return world;
  }

  /** A worker of the one service, and their session with the API. */
  async worker(first_name, family, roles = ['support_worker']) {
    const email = `${first_name}@harbour.example`.toLowerCase();
    const body = { email, name: `${first_name} ${family}`, first_name, password: PASSWORD, roles, service_ids: [this.service.id] };
    const { id } = await this.provider.admin.post('/admin/workers', body);
    return Object.assign(await signIn(this.provider.url, email, PASSWORD), { id, email, first_name, name: body.name });
  }

  /** A client; the first of the workers is their key worker. */
  async client(preferred_name, workers, more = {}) {
    const name = `${preferred_name} Example`;
    const client = await this.lead.post('/team/clients', {
      name, preferred_name, phone: '07700 900 123', service_id: this.service.id, language: 'en', time_zone: 'Europe/London', hours_per_week: 6, cover: 'on_call',
      reach: { how: 'call', when: 'after eleven', words: 'Let it ring, I am slow on the stairs.' },
      about: 'I keep bees, and I am better outdoors.',
      ...more,
    });
    await this.lead.put(`/team/clients/${client.id}/assignments`, { workers: workers.map((one, n) => ({ worker_id: one.id, key_worker: n === 0 })) });
    return client;
  }

  invite = (client) => this.lead.post(`/team/clients/${client.id}/invites`);

  /** Another device of this client's, with no screen: what it is told is what the server has. */
  async deviceOf(client) {
    const api = new Session(this.provider.url);
    const { code } = await this.invite(client);
    return new Session(this.provider.url, (await api.post('/auth/claim', { code, device_name: 'Her tablet' })).access_token);
  }

  /** A piece of the library, by its name in links. */
  async piece(slug) {
    const { items } = await this.lead.get('/team/resources');
    return this.lead.get(`/team/resources/${items.find((one) => one.slug === slug).id}`);
  }

  /** Puts a text before clients: a new piece, or a newer text of one that is there. */
  async publish(markdown, piece = null, edition = 'en') {
    const before = piece?.texts.find((one) => one.edition === edition && ['draft', 'published'].includes(one.state));
    const drafted = piece
      ? await this.lead.put(`/team/resources/${piece.id}/drafts/${edition}`, { markdown, based_on: before?.hash ?? null })
      : await this.lead.post('/team/resources', { edition, markdown });
    const { number, hash } = drafted.texts.find((one) => one.edition === edition && one.state === 'draft');
    return this.lead.post(`/team/resources/${drafted.id}/publish`, { edition, number, hash });
  }

  /** Seven weeks of check-ins, entered by a worker: five as usual, then two in which mood, sleep and worry are clearly worse. */
  async drift(client, worker) {
    const DAY = 86_400_000;
    const { items } = await worker.get(`/team/clients/${client.id}/items`);
    const noon = new Date().setUTCHours(10, 0, 0, 0);
    // The newest first: entered the other way round, a client would be quiet for days until the last of them is in.
    for (let day = 2; day <= 48; day += 2) {
      const wobble = [0, 1, 0, -1][(day / 2) % 4];
      const usual = { mood: 5 + wobble, sleep: 5 - wobble, energy: 5, anxiety: 2, connection: 5 };
      const worse = { mood: 2, sleep: 1 + ((day / 2) % 2), energy: 4, anxiety: 6, connection: 4 };
      const values = day > 13 ? usual : worse;
      await worker.put(`/team/clients/${client.id}/check-ins/${uuidv7()}`, {
        recorded_at: new Date(noon - day * DAY).toISOString(),
        answers: items.map(({ id, key }) => ({ item_id: id, value: values[key] ?? null })),
      });
    }
    await this.assessed();
  }

  /**
   * A worker suggests what is usual when well, as their app does: from the answers, after looking at what it would have raised.
   * `change` turns the numbers of an item into others; `how` is `on_phone` or `together`.
   */
  async suggestUsual(client, worker, { how = 'on_phone', words, change = (item) => item } = {}) {
    const { suggestion } = await worker.get(`/team/clients/${client.id}/baseline`);
    const items = suggestion.items.map(change).map(({ item_id, low, centre, high }) => ({ item_id, low, centre, high }));
    const baseline = { first_day: suggestion.first_day, last_day: suggestion.last_day, items };
    const { seen } = await worker.post(`/team/clients/${client.id}/assessments/replay`, { baseline });
    return worker.put(`/team/clients/${client.id}/baseline`, { id: uuidv7(), ...baseline, agreed_how: how, seen, ...(words ? { words } : {}) });
  }

  /** Eight weeks of check-ins as usual, every other day, and then none for nine days. */
  async quiet(client, worker) {
    const DAY = 86_400_000;
    const { items } = await worker.get(`/team/clients/${client.id}/items`);
    const noon = new Date().setUTCHours(10, 0, 0, 0);
    for (let day = 65; day >= 9; day -= 2) {
      const wobble = [0, 1, 0, -1][((day - 1) / 2) % 4];
      const values = { mood: 5 + wobble, sleep: 5 - wobble, energy: 5, anxiety: 2, connection: 5 };
      await worker.put(`/team/clients/${client.id}/check-ins/${uuidv7()}`, {
        recorded_at: new Date(noon - day * DAY).toISOString(),
        answers: items.map(({ id, key }) => ({ item_id: id, value: values[key] ?? null })),
      });
    }
    await this.assessed();
  }

  /** Every check-in so far has been thought about. */
  async assessed() {
    await until(async () => (await (await fetch(`${this.provider.url}/health/engine`)).json()).oldest_overdue, (overdue) => !overdue);
  }

  /** A phone with nothing on it yet. */
  async phone(screen = {}) {
    return new Phone(await this.#keep(openContext(this.#browser, { ...PHONE, ...screen })), this.provider);
  }

  /** A phone that has joined for this client, by the invite's link. */
  async phoneOf(client, screen) {
    const phone = await this.phone(screen);
    await phone.follow((await this.invite(client)).url);
    await phone.join(client.preferred_name);
    return phone;
  }

  /** A folder that a phone can be switched off and on with. */
  async profile() {
    const folder = await mkdtemp(join(tmpdir(), 'companion-phone-'));
    this.#folders.push(folder);
    return folder;
  }
  async phoneWith(profile) {
    return new Phone(await this.#keep(openProfile(profile, PHONE)), this.provider);
  }

  /** A desk where this worker has signed in through the page. */
  async deskOf(worker) {
    const desk = await this.emptyDesk();
    await desk.open();
    await desk.signIn(worker);
    return desk;
  }
  async emptyDesk({ largeText, ...screen } = DESK) {
    const desk = new Desk(await this.#keep(openContext(this.#browser, screen)), this.provider);
    if (largeText) await desk.open().then(() => desk.doubleText());
    return desk;
  }

  troubles = () => this.#contexts.flatMap((context) => context.troubles());

  /** What each screen showed when it went wrong: in failures/. */
  async picture(name) {
    await mkdir(FAILURES, { recursive: true });
    for (const [n, page] of this.#contexts.flatMap((context) => context.pages()).entries()) {
      const path = join(FAILURES, `${name.replace(/\W+/g, '-')}-${n}.png`);
      await page.screenshot({ path, timeout: 5_000 }).catch(() => {});
    }
  }

  async end() {
    // Chromium now and then never closes a page that is just being loaded; it goes with the browser.
    for (const context of this.#contexts) await Promise.race([context.close().catch(() => {}), setTimeout(20_000, undefined, { ref: false })]);
    await this.provider.end();
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }

  async #keep(opening) {
    const context = await opening;
    this.#contexts.push(context);
    return context;
  }
}
