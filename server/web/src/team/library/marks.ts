// The small toolbar: what a button does to the words. An edit replaces `from`–`to` and then selects; nothing else is touched.

export type Edit = { from: number; to: number; insert: string; select: [number, number] };

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number) => (text.indexOf('\n', at) + 1 || text.length + 1) - 1;

/** The whole lines that are touched, changed one by one. */
function lines(text: string, from: number, to: number, change: (line: string) => string): Edit {
  const [start, end] = [lineStart(text, from), lineEnd(text, to)];
  const insert = text.slice(start, end).split('\n').map(change).join('\n');
  return { from: start, to: end, insert, select: from === to ? [start + insert.length, start + insert.length] : [start, start + insert.length] };
}

/** A line becomes a heading, or is one no longer. */
export function heading(text: string, from: number, to: number): Edit {
  const is = /^#{2,3} /.test(text.slice(lineStart(text, from)));
  return lines(text, from, to, (line) => (is ? line.replace(/^#{1,6}\s+/, '') : line.trim() || from === to ? `## ${line.replace(/^(#{1,6}|-|\d+\.)\s+/, '')}` : line));
}

/** Each line becomes an entry of a list, or is none any more. */
export function list(text: string, from: number, to: number): Edit {
  const is = /^- /.test(text.slice(lineStart(text, from)));
  return lines(text, from, to, (line) => (is ? line.replace(/^-\s+/, '') : line.trim() || from === to ? `- ${line.replace(/^(#{1,6}|-|\d+\.)\s+/, '')}` : line));
}

/** Bold, or bold no longer. With nothing chosen, a word to type over. */
export function bold(text: string, from: number, to: number, word: string): Edit {
  if (text.slice(from - 2, from) === '**' && text.slice(to, to + 2) === '**' && from >= 2) {
    return { from: from - 2, to: to + 2, insert: text.slice(from, to), select: [from - 2, to - 2] };
  }
  // Marks hold only around words, not around the space beside them.
  const chosen = text.slice(from, to);
  const inner = chosen.trim() || word;
  const [before, after] = chosen.trim() ? [chosen.match(/^\s*/)![0], chosen.match(/\s*$/)![0]] : ['', ''];
  const start = from + before.length + 2;
  return { from, to, insert: `${before}**${inner}**${after}`, select: [start, start + inner.length] };
}

/** Brackets would end the words of a link or a picture too early. */
const safe = (words: string) => words.replace(/\s+/g, ' ').replace(/[[\]\\]/g, '').trim();

export function link(text: string, from: number, to: number, words: string, address: string): Edit {
  const insert = `[${safe(words) || safe(text.slice(from, to)) || address}](${address})`;
  return { from, to, insert, select: [from + insert.length, from + insert.length] };
}

/** A picture stands by itself, with an empty line before and after it. */
export function picture(text: string, from: number, id: string, alt: string): Edit {
  const at = text.slice(lineStart(text, from), lineEnd(text, from)).trim() === '' ? lineStart(text, from) : lineEnd(text, from);
  const before = at === 0 || text.slice(0, at).endsWith('\n\n') ? '' : text[at - 1] === '\n' ? '\n' : '\n\n';
  const rest = text.slice(at);
  const after = rest.startsWith('\n\n') ? '' : rest.startsWith('\n') ? '\n' : '\n\n';
  const insert = `${before}![${safe(alt)}](image:${id})${after}`;
  return { from: at, to: at, insert, select: [at + insert.length, at + insert.length] };
}

/** Does it as typing would, so that "undo" takes it back. */
export function apply(box: HTMLTextAreaElement, { from, to, insert, select }: Edit) {
  box.focus();
  box.setSelectionRange(from, to);
  if (!document.execCommand('insertText', false, insert)) {
    box.setRangeText(insert, from, to, 'end');
    box.dispatchEvent(new Event('input', { bubbles: true }));
  }
  box.setSelectionRange(...select);
}
