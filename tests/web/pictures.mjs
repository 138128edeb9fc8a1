// The two pictures of the README, taken from `companion demo`: npm run pictures
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DESK, launch, openContext, PHONE } from './lib/browser.mjs';
import { BINARY } from './lib/provider.mjs';

const PICTURES = new URL('../../docs/images/', import.meta.url).pathname;
const folder = await mkdtemp(join(tmpdir(), 'companion-pictures-'));
const demo = spawn(BINARY, ['demo', '--dir', folder, '--listen', '127.0.0.1:0']);
const browser = await launch();
try {
  await mkdir(PICTURES, { recursive: true });
  const said = await whenOpen();
  const [, link] = said.match(/(http\S+#\/join\/\S+)\s+Mei/);
  const [, team] = said.match(/As the team\s+(\S+)/);
  const [, email] = said.match(/(\S+)\s+Dee, /);
  const [, password] = said.match(/password of both is (\S+)/);

  const phone = await (await openContext(browser, PHONE)).newPage();
  await phone.clock.setFixedTime(new Date(new Date().setHours(19, 20))); // so that it is always evening there
  await phone.goto(link);
  await phone.getByRole('button', { name: 'Join' }).click();
  await phone.getByRole('link', { name: 'Straight to the app' }).click();
  await phone.getByRole('button', { name: 'I’ve seen enough' }).click();
  // Whether she is asked how she is depends on the hour the demonstration was made at; her plan stands there always, and comes last.
  await phone.getByRole('heading', { name: 'Good evening, Mei' }).waitFor();
  await phone.getByText(/^Your plan says/).first().waitFor();
  await phone.mouse.move(0, 0);
  await phone.screenshot({ path: join(PICTURES, 'client-today.png') });

  const desk = await (await openContext(browser, DESK)).newPage();
  await desk.goto(team);
  await desk.getByLabel('E-mail').fill(email);
  await desk.getByLabel('Password', { exact: true }).fill(password);
  await desk.getByRole('button', { name: 'Sign in' }).click();
  await desk.locator('.rows li a').first().click();
  await desk.getByRole('heading', { name: 'In their words' }).waitFor();
  await desk.getByText(/^Live\./).waitFor();
  await desk.screenshot({ path: join(PICTURES, 'team-inbox.png') });
} finally {
  await browser.close();
  demo.kill();
  await rm(folder, { recursive: true, force: true });
}

/** What the demonstration prints when it is ready, whole. */
function whenOpen() {
  let said = '';
  return new Promise((open, fail) => {
    for (const stream of [demo.stdout, demo.stderr]) {
      stream.on('data', (words) => {
        said += words;
        if (/nothing is lost/.test(said)) open(said);
      });
    }
    demo.once('exit', () => fail(new Error(`The demonstration ended.\n${said}`)));
  });
}
