import { expect, it } from 'vitest';
import { bold, heading, link, list, picture, type Edit } from './marks';

// "|" marks the chosen part.
const at = (text: string) => {
  const from = text.indexOf('|');
  const to = text.lastIndexOf('|');
  return { text: text.replaceAll('|', ''), from, to: to > from ? to - 1 : from };
};
const after = (text: string, { from, to, insert, select }: Edit) => {
  const done = text.slice(0, from) + insert + text.slice(to);
  return select[0] === select[1] ? `${done.slice(0, select[0])}|${done.slice(select[0])}` : `${done.slice(0, select[0])}|${done.slice(...select)}|${done.slice(select[1])}`;
};
const does = (marked: string, what: (text: string, from: number, to: number) => Edit) => {
  const { text, from, to } = at(marked);
  return after(text, what(text, from, to));
};

it('makes a heading, and takes it back', () => {
  expect(does('one\ntw|o\nthree', heading)).toBe('one\n## two|\nthree');
  expect(does('## tw|o', heading)).toBe('two|');
  expect(does('- tw|o', heading)).toBe('## two|');
  expect(does('|', heading)).toBe('## |');
});

it('makes a list of the chosen lines, and takes it back', () => {
  expect(does('a\n|b\n\nc|\nd', list)).toBe('a\n|- b\n\n- c|\nd');
  expect(does('|- b\n- c|', list)).toBe('|b\nc|');
});

it('makes words bold, without the spaces beside them, and takes it back', () => {
  const strong = (text: string, from: number, to: number) => bold(text, from, to, 'words');
  expect(does('a |b | c', strong)).toBe('a **|b|**  c');
  expect(does('a **|b|** c', strong)).toBe('a |b| c');
  expect(does('|', strong)).toBe('**|words|**');
});

it('links the chosen words', () => {
  expect(does('See |the NHS| now', (text, from, to) => link(text, from, to, 'the [NHS]', 'https://www.nhs.uk/'))).toBe('See [the NHS](https://www.nhs.uk/)| now');
  expect(does('|', (text, from, to) => link(text, from, to, '', 'tel:111'))).toBe('[tel:111](tel:111)|');
});

it('puts a picture on lines of its own', () => {
  const put = (text: string, from: number) => picture(text, from, 'ID', 'a mug]');
  expect(does('One |line.\n\nTwo.', put)).toBe('One line.\n\n![a mug](image:ID)|\n\nTwo.');
  expect(does('One line.\n|\nTwo.', put)).toBe('One line.\n\n![a mug](image:ID)\n|\nTwo.');
  expect(does('|', put)).toBe('![a mug](image:ID)\n\n|');
});
