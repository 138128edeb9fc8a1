import { expect, it } from 'vitest';
import { begun, blank, parted, read, write, type Piece } from './front';

const piece: Piece = {
  title: 'When sleep won’t come',
  summary: 'What to do with "one of those" nights \\ and the day after.',
  kind: 'article',
  exercise: null,
  topics: ['sleep', 'body'],
  stage: 'any',
  minutes: '3',
  written_on: '2026-11-22',
  helps_with: ['sleep'],
  search_words: ['insomnia', "can't sleep"],
  language: null,
  easy_read: null,
  discreet: false,
  reviewed_by: null,
  awaiting_native_review: false,
  sources: [
    { title: 'Insomnia', publisher: 'NHS', url: 'https://www.nhs.uk/conditions/insomnia/' },
    { title: 'Sleep', publisher: 'Mind', url: 'https://www.mind.org.uk/' },
  ],
  body: '## In the next five minutes\n\nPut the kettle on.\n\n+ not a fence\n',
};

it('reads back what it wrote, word for word', () => {
  for (const one of [piece, blank('cy', '2026-11-22'), { ...piece, kind: 'exercise' as const, exercise: 'worry_time' as const, sources: [], awaiting_native_review: true }]) {
    expect(read(write(one).file)).toEqual(one);
  }
});

it('carries what a file says of itself', () => {
  const said = { ...piece, language: 'cy', easy_read: true, reviewed_by: '', discreet: true };
  expect(read(write(said).file)).toEqual(said);
  expect(blank('cy-easy', '2026-11-22')).toMatchObject({ language: 'cy', easy_read: true, awaiting_native_review: true });
  expect(write(blank('en', '2026-11-22')).file).toContain('language = "en"\n');
  expect(write(piece).file).not.toMatch(/language|easy_read|discreet|reviewed_by/);
});

it('knows which line is whose', () => {
  const { file, bodyLine, fieldAt } = write(piece);
  const lines = file.split('\n');
  expect(lines[bodyLine - 1]).toBe('## In the next five minutes');
  expect(parted(file)?.bodyLine).toBe(bodyLine);
  lines.forEach((line, n) => /^(title|summary|topics|stage|minutes) =/.test(line) && n < 12 && expect(fieldAt(n + 1)).toBe(line.split(' ')[0]));
  expect(fieldAt(lines.findIndex((line) => line.includes('mind.org.uk')) + 1)).toBe('sources.1');
  expect([fieldAt(1), fieldAt(bodyLine)]).toEqual([null, null]);
});

it('keeps what is no number as it was typed, for the server to refuse', () => {
  expect(write({ ...piece, minutes: 'three' }).file).toContain('minutes = "three"');
  expect(write({ ...piece, minutes: '007' }).file).toContain('minutes = 7');
  expect(write({ ...piece, title: 'two\nlines\u0007' }).file).toContain('title = "two lines"');
});

it('reads other ways of writing the same', () => {
  const file = `+++\r\ntitle = 'A "warm" drink'\r\nsummary = "x\\u00e9\\t"\r\ntopics = [\r\n  "sleep",\r\n  "body",\r\n]\r\n\r\nminutes = 1\r\nwritten_on = 2026-11-22\r\nreviewed_by = ""\r\n+++\r\n\r\n## Now\r\n`;
  expect(read(file)).toMatchObject({ title: 'A "warm" drink', summary: 'xé\t', topics: ['sleep', 'body'], minutes: '1', kind: 'article', body: '## Now\n' });
});

it('leaves alone what it does not know for sure', () => {
  const good = write(piece).file;
  expect(read(good)).not.toBeNull();
  const bad = [
    'only words',
    good.replace('+++\n', ''),
    good.replace('kind = ', '# a note\nkind = '),
    good.replace('minutes = 3', 'minutes = 3 # about'),
    good.replace('minutes = 3', 'minutes = 3\nminutes = 4'),
    good.replace('minutes = 3', 'minutes = 3.5'),
    good.replace('minutes = 3', 'minutes = 3\nmood = "x"'),
    good.replace('written_on = 2026-11-22', 'written_on = 2026-11-22T10:00:00Z'),
    good.replace('title = "When', 'title = """When'),
    good.replace('[[sources]]', '[sources]'),
    good.replace('publisher = "NHS"\n', ''),
    good.replace('kind = ', 'language = 3\nkind = '),
    good.replace('topics = ["sleep"', 'topics = ["sleep" "x"'),
    good.replace('summary = "', 'summary = "\\q'),
  ];
  for (const file of bad) expect([file, read(file)]).toEqual([file, null]);
});

it('begins another edition with what they share', () => {
  expect(begun(piece, 'cy', '2026-12-01')).toMatchObject({ title: '', topics: ['sleep', 'body'], written_on: '2026-12-01', awaiting_native_review: true, sources: piece.sources });
  expect(begun(piece, 'en-easy', '2026-12-01')).toMatchObject({ title: piece.title, awaiting_native_review: false });
});

// Every text that comes with the app can be edited in the form, and the form changes nothing of it.
const shipped = import.meta.glob<string>('../../../../library/*/*.md', { query: '?raw', import: 'default', eager: true });
it.each(Object.keys(shipped).filter((path) => !path.endsWith('README.md')))('reads %s', (path) => {
  const file = shipped[path]!;
  const first = read(file);
  expect(first).not.toBeNull();
  expect(read(write(first!).file)).toEqual(first);
  expect(file.replaceAll('\r\n', '\n').endsWith(`\n${first!.body}`)).toBe(true);
});
