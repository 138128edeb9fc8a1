import type { Block, Text } from '../../shared/wire-pack';
import type { Searchable } from './search';

// For tests alone: the articles as they are shipped, read well enough to search in. The server's reader is the real one.

const FILES = import.meta.glob<string>('../../../../library/*/*.md', { query: '?raw', import: 'default', eager: true });
const PARTS = Object.entries(FILES).map(([path, file]) => {
  const [edition = '', name = ''] = path.split('/').slice(-2);
  return { edition, slug: name.replace(/\.md$/, ''), text: read(file) };
});

export const shipped = (edition: string): Map<string, Text> => new Map(PARTS.filter((part) => part.edition === edition).map(({ slug, text }) => [slug, text]));

export function searchable(topicNames: (topic: string) => string[]): Searchable[] {
  return [...new Set(PARTS.map((part) => part.slug))].map((slug) => {
    const texts = PARTS.filter((part) => part.slug === slug).map((part) => part.text);
    return { id: slug, texts, topics: [...new Set(texts.flatMap((text) => text.topics))].flatMap(topicNames) };
  });
}

function read(file: string): Text {
  const [, head = '', body = ''] = file.split(/^\+\+\+$/m);
  const field = (name: string) => new RegExp(`^${name} = "(.*)"$`, 'm').exec(head)?.[1] ?? '';
  const list = (name: string) => JSON.parse((new RegExp(`^${name} = (\\[[^\\]]*\\])`, 'm').exec(head)?.[1] ?? '[]').replace(/,\s*\]/, ']')) as string[];
  return {
    title: field('title').replace(/\\"/g, '"'), summary: field('summary'), topics: list('topics') as Text['topics'], stage: field('stage') as Text['stage'],
    minutes: Number(/^minutes = (\d+)/m.exec(head)?.[1] ?? 1), helps_with: list('helps_with'), search_words: list('search_words'), sources: [], written_on: '2026-11-22',
    reviewed: null, awaiting_native_review: false, blocks: body.split(/\n\s*\n/).map((part) => part.trim()).filter(Boolean).map(block),
  };
}

function block(part: string): Block {
  const words = part.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[*>]/g, '');
  const heading = /^(##+) (.*)$/.exec(words);
  return heading
    ? { kind: 'heading', level: heading[1]!.length as 2 | 3, text: [{ text: heading[2]! }] }
    : { kind: 'paragraph', text: [{ text: words }] };
}
