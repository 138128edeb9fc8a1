// A text of the library as a file: front matter in TOML, which takes JSON's strings, then Markdown.

export const SOURCES = [
  { title: 'Sleep problems', publisher: 'NHS', url: 'https://www.nhs.uk/conditions/insomnia/' },
  { title: 'Coping with sleep problems', publisher: 'Mind', url: 'https://www.mind.org.uk/sleep/' },
];

export function text({ title, summary = 'For a cold night.', topics = ['sleep'], helps_with = [], sources = SOURCES, more = [], body }) {
  const list = (words) => `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  return [
    '+++',
    `title = ${JSON.stringify(title)}`,
    `summary = ${JSON.stringify(summary)}`,
    'kind = "article"',
    `topics = ${list(topics)}`,
    'minutes = 1',
    'written_on = 2026-11-22',
    `helps_with = ${list(helps_with)}`,
    ...more,
    ...sources.flatMap((source) => ['', '[[sources]]', ...Object.entries(source).map(([key, words]) => `${key} = ${JSON.stringify(words)}`)]),
    '+++',
    '',
    body,
    '',
  ].join('\n');
}
