// Whatever somebody types into a text, or puts into an answer of the server, is words on the screens of both apps.
import assert from 'node:assert/strict';
import { isHarmless, listenFor } from '../lib/harmless.mjs';
import { hostile, hostileLines } from '../lib/hostile.mjs';
import { uuidv7 } from '../lib/session.mjs';
import { story } from '../lib/story.mjs';
import { SOURCES, text } from '../lib/text.mjs';

/** Labels of references are one document's; each payload keeps its own. */
const PAYLOADS = hostile().map((one, n) => one.replaceAll('[there]', `[there${n}]`));
const inParts = (all, size) => Array.from({ length: Math.ceil(all.length / size) }, (_, n) => all.slice(n * size, (n + 1) * size));
/** A few of each kind. */
const LINES = hostileLines().filter((_, n) => n % 10 === 0).slice(0, 40);
const [TAG, LINK] = ['"><img src=x onerror=hit()>', 'javascript:hit()'];

story('hostile: what is written in the editor is drawn as words, as a file and as a form', async (world) => {
  const desk = await world.emptyDesk();
  const heard = await listenFor(desk);
  await desk.open();
  await desk.signIn(world.lead);
  await desk.go('#/library/new');
  await desk.heading('A new piece');
  await desk.press('Show as file');
  const file = desk.page.getByLabel(/^The file: front matter/);
  await desk.page.clock.install();
  // The drawing is asked for when the typing pauses.
  const drawn = async (title) => {
    await desk.page.clock.runFor(1_000);
    await desk.preview.getByRole('heading', { name: title, exact: true }).waitFor();
  };
  const documents = inParts(PAYLOADS, 40);
  for (const [n, payloads] of documents.entries()) {
    await file.fill(text({ title: `Document ${n}`, body: payloads.join('\n\n') }));
    await drawn(`Document ${n}`);
    await isHarmless(desk, heard, `document ${n}`);
  }
  await desk.press('As a form');
  for (const [n, payloads] of documents.slice(-2).entries()) {
    await desk.page.getByLabel('Title', { exact: true }).fill(`Form ${n} ${TAG}`);
    await desk.page.getByLabel('The words').fill(payloads.join('\n\n'));
    await drawn(`Form ${n} ${TAG}`);
    await desk.sees(/things to put right before it can be saved/);
    await isHarmless(desk, heard, `form ${n}`);
  }
});

story('hostile: a phone draws as words whatever the server sends', async (world) => {
  const rhian = await world.client('Rhian', [world.lead]);
  // What the server makes of each payload, also of those that it would not save.
  const drawn = [];
  for (const some of inParts(PAYLOADS, 16)) {
    const previews = await Promise.all(some.map((body) => world.lead.post('/team/resources/preview', { edition: 'en', markdown: text({ title: 'A text', body }) })));
    drawn.push(...previews.map((one) => one.text));
  }
  const [sample] = drawn;
  const pages = inParts(drawn, 48).map((some, n) => ({ ...sample, title: `Page ${n}`, blocks: some.flatMap((one) => one.blocks) }));
  pages.push(...attacks(sample));

  // No service worker, so that the story can answer in the server's place.
  const phone = await world.phone();
  await phone.context.route('**/sw.js', (route) => route.abort());
  phone.context.expect(/fetching the script|ServiceWorker|could not be stored|status of 404.*resource-images/);
  const heard = await listenFor(phone);
  const pack = packOf(pages);
  await phone.context.route(/\/me\/pack(\?|$)/, (route) => route.fulfill({ json: pack }));
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.openPack();
  for (const part of ['Chosen for you', 'My own things']) await phone.press(/^Show \d+ more/, phone.part(part));
  await isHarmless(phone, heard, 'the pack');
  for (const [n, page] of pages.entries()) {
    await phone.readNamed(pack.resources[n].slug);
    await phone.page.getByRole('heading', { name: page.title, level: 1, exact: true }).waitFor();
    await phone.article.waitFor();
    await isHarmless(phone, heard, page.title);
  }
  for (const { id, title } of pack.additions) {
    await phone.load(`${world.provider.url}/#/own/${id}`);
    await phone.page.getByRole('heading', { name: title, level: 1, exact: true }).waitFor();
    await isHarmless(phone, heard, title);
  }
  for (const place of ['topic/sleep', 'first-aid', `topic/${encodeURIComponent(TAG)}`, `pack/${encodeURIComponent(TAG)}`, `own/${encodeURIComponent(LINK)}`]) {
    await phone.load(`${world.provider.url}/#/${place}`);
    await phone.page.getByRole('heading', { level: 1 }).waitFor();
    await isHarmless(phone, heard, place);
  }
  await phone.openPack();
  await phone.finds('onerror', /onerror/);
  await isHarmless(phone, heard, 'the search');
  await phone.checkIn({ 'How have you been sleeping?': 1 });
  await phone.suggestion.getByRole('link').waitFor();
  await isHarmless(phone, heard, 'the suggestion');

  // The ears are not deaf: what is put into the page as HTML is found, and the policy of the page stops it.
  phone.context.expect(/Content Security Policy/);
  await phone.page.evaluate((tag) => document.querySelector('main').insertAdjacentHTML('beforeend', tag), '<img src="x" onerror="hit()"><a href="javascript:hit()">tap me</a>');
  await assert.rejects(isHarmless(phone, heard, 'on purpose'), /a handler|a link/);
  assert.deepEqual(heard, []);
});

story('hostile: titles, reasons and notes that were truly saved are words in both apps', async (world) => {
  const dee = await world.worker('Dee', 'Okafor');
  const rhian = await world.client('Rhian', [dee]);
  const pieces = [];
  for (const line of LINES) pieces.push(await world.publish(text({ title: line, summary: line, body: 'Words.', more: [`search_words = [${JSON.stringify(line.slice(0, 60))}]`], sources: SOURCES.map((one) => ({ ...one, title: line, publisher: line })) })));
  const { revision } = await dee.get(`/team/clients/${rhian.id}/pack`);
  await dee.put(`/team/clients/${rhian.id}/pack`, { revision, chosen: pieces.slice(0, 30).map(({ id }, n) => ({ resource_id: id, why: `${LINES.at(-n)} ${TAG}` })) });
  const hers = await world.deviceOf(rhian);
  const notes = LINES.map((line) => ({ id: uuidv7(), title: line, text: `${line}\n${TAG}` }));
  for (const { id, ...words } of notes) await hers.put(`/me/pack/additions/${id}`, { kind: 'note', made_at: new Date().toISOString(), shared: true, ...words });

  const phone = await world.phone();
  const onPhone = await listenFor(phone);
  await phone.follow((await world.invite(rhian)).url);
  await phone.join('Rhian');
  await phone.openPack();
  for (const part of ['Chosen for you', 'My own things']) await phone.press(/^Show \d+ more/, phone.part(part));
  assert.equal((await phone.titles('Chosen for you')).length, 30);
  assert.equal(await phone.part('My own things').getByRole('listitem').count(), notes.length);
  await isHarmless(phone, onPhone, 'the pack');
  for (const { slug } of pieces.slice(0, 5)) {
    await phone.readNamed(slug);
    await phone.sees('Words.');
    await isHarmless(phone, onPhone, slug);
  }
  for (const { id } of notes.slice(0, 5)) {
    await phone.load(`${world.provider.url}/#/own/${id}`);
    await phone.sees(TAG);
    await isHarmless(phone, onPhone, 'a note');
  }

  const desk = await world.emptyDesk();
  const atDesk = await listenFor(desk);
  await desk.open();
  await desk.signIn(dee);
  await desk.go(`#/clients/${rhian.id}`);
  await desk.page.getByRole('link', { name: 'Open the pack' }).waitFor();
  await isHarmless(desk, atDesk, 'the client');
  await desk.go(`#/clients/${rhian.id}/pack`);
  await desk.heading('What Rhian shares');
  assert.equal(await desk.page.locator('blockquote').count(), notes.length);
  await isHarmless(desk, atDesk, 'the pack at the desk');
  await desk.go('#/library');
  await desk.page.getByRole('listitem').filter({ hasText: 'onerror' }).first().waitFor();
  await isHarmless(desk, atDesk, 'the library');
  for (const { id } of pieces.slice(0, 5)) {
    await desk.go(`#/library/${id}`);
    await desk.sees('Words.', { within: desk.preview });
    await isHarmless(desk, atDesk, 'a piece');
  }
});

/** Texts that no server of ours makes: every value that a screen puts somewhere, turned against it. */
function attacks(sample) {
  const link = (href) => ({ text: `to ${href}`, href });
  const HREFS = [
    LINK, 'JavaScript:hit()', ' javascript:hit()', 'java\nscript:hit()', '\u0001javascript:hit()', 'data:text/html,<script>hit()</script>', 'vbscript:hit()', 'blob:x', 'file:///etc/passwd', '//evil.example/', '/\\evil.example',
    'http://evil.example/', 'https:evil.example', 'https:\\\\evil.example', 'https://user:word@evil.example/', 'https://a b/', 'tel:1;hit()', `tel:${TAG}`, 'sms:999', 'mailto:a@evil.example', 'resource:../../team', `resource:${TAG}`, 'resource:javascript:hit()', '#/sign-out', 'intent://x', null, 7, {}, ['https://x.example/'],
  ];
  const ids = [TAG, LINK, 'https://evil.example/x.png', '//evil.example/x.png', '../../../../auth/sign-out', 'data:image/svg+xml,<svg onload=hit()>'];
  return [
    { ...sample, title: `Links ${TAG}`, summary: TAG, blocks: HREFS.flatMap((href) => [{ kind: 'paragraph', text: [link(href)] }, { kind: 'list', ordered: false, items: [[link(href)]] }, { kind: 'heading', level: 2, text: [link(href)] }]) },
    { ...sample, title: 'Pictures', blocks: ids.map((image_id) => ({ kind: 'image', image_id, alt: TAG })) },
    { ...sample, title: `Sources onerror ${LINK}`, blocks: sample.blocks, sources: [...HREFS.slice(0, 12), TAG].map((url) => ({ title: TAG, publisher: TAG, url })), reviewed: { by: TAG, on: '2026-11-22' } },
    { ...sample, title: 'Kinds', blocks: [{ kind: 'html', html: TAG, text: [{ text: TAG }] }, { kind: 'script', text: [{ text: 'hit()' }] }, { kind: 'heading', level: 99, text: [{ text: TAG }] }, { kind: 'quote', text: [{ text: TAG, strong: true, emphasis: true, href: LINK }] }, { kind: 'paragraph', text: [{ text: TAG, onclick: 'hit()', style: 'position:fixed' }] }] },
  ];
}

/** An answer that is hostile in every other value too. */
function packOf(pages) {
  const resources = pages.map((_, n) => ({ id: uuidv7(), slug: n % 2 ? `page-${n}` : `page-${n}${TAG}`, kind: 'article', exercise: null, retired: n === 1, editions: { en: `hash${n}` } }));
  // Exercises that this app does not know: a newer server's, or none at all.
  ['juggling', 'constructor', '__proto__'].forEach((exercise, n) => Object.assign(resources[n + 2], { kind: 'exercise', exercise }));
  const at = new Date().toISOString();
  const addition = (more) => ({ id: uuidv7(), kind: 'note', title: TAG, text: TAG, url: null, exercise: null, has_photo: false, made_at: at, shared: true, ...more });
  return {
    resources,
    texts: Object.fromEntries(pages.map((page, n) => [`hash${n}`, { ...page, topics: ['sleep'], helps_with: ['sleep'], search_words: [TAG] }])),
    chosen: resources.slice(0, 6).map(({ id }, n) => ({ resource_id: id, why: n % 2 ? TAG : `[tap me](${LINK})`, by: n % 3 ? TAG : null, added_at: at })),
    additions: [addition({}), ...[LINK, 'data:text/html,x', 'https://user:word@evil.example/', ' javascript:hit()'].map((url, n) => addition({ kind: 'link', title: `Link ${n}`, url })), addition({ kind: 'exercise', title: 'An exercise', exercise: 'what_helped' })],
    first_aid: resources.slice(0, 4).map(({ id }) => id),
    marks: {},
  };
}
