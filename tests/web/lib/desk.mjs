// A worker at a desk, or on a phone in bed.
import { PASSWORD } from './provider.mjs';
import { Screen } from './screen.mjs';

export class Desk extends Screen {
  async open() {
    await this.load(`${this.provider.url}/team/`);
    await this.heading('Sign in');
  }

  async signIn(worker, { stay = false } = {}) {
    if (stay) await this.page.getByLabel('This phone is mine: keep me signed in').check();
    await this.page.getByLabel('E-mail').fill(worker.email);
    await this.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await this.press('Sign in');
    await this.heading('Inbox');
    await this.sees(/^Live\./);
  }

  /** Closed, and opened again later. */
  async openAgain() {
    await this.page.close();
    this.page = await this.context.newPage();
    await this.load(`${this.provider.url}/team/`);
  }

  go = (place) => this.load(`${this.provider.url}/team/${place}`);
  clientPage = async (client) => {
    await this.go(`#/clients/${client.id}`);
    await this.heading(client.name);
  };

  /** With all its panels: they come one after another, and each moves what stands below it. */
  async wholePage(client) {
    await this.clientPage(client);
    await this.page.waitForFunction(() => [...document.querySelectorAll('main .now section')].every((panel) => panel.children.length > 1 && !panel.querySelector('.ghost')));
  }

  /** The rows of the inbox, from the top. */
  rows = () => this.page.locator('.rows li');
  row = (words) => this.rows().filter({ hasText: words }).first();
  group = (name) => this.page.getByRole('region', { name, exact: true });

  /** The right-hand side: the whole of one row. */
  get detail() {
    return this.page.getByRole('region', { name: 'The whole of it' });
  }

  /** A piece of the library, found in the list as a person finds it. */
  async openPiece(title) {
    await this.page.getByRole('navigation').getByRole('link', { name: 'Library' }).click();
    await this.page.getByLabel('Find').fill(title);
    await this.page.getByRole('listitem').getByRole('link', { name: title, exact: true }).click();
    await this.page.getByRole('heading', { name: title, level: 1 }).waitFor();
  }
  /** How a client would see what is written: the drawing beside the words. */
  get preview() {
    return this.page.getByRole('article');
  }
  /** Says yes in the dialog that asks. */
  agree = (name) => this.press(name, this.page.getByRole('dialog'));
}
