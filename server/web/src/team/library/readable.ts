// A file as lines that a person reads: the front matter in words, the body line by line, empty lines left out.
import { t, word } from '../t';
import { read } from './front';

export function readable(file: string): string[] {
  const piece = read(file);
  if (!piece) return file.split('\n').filter((line) => line.trim());
  const words = (stem: string, values: string[]) => values.map((value) => word(stem, value)).join(', ');
  return [
    t('compare.title', { words: piece.title }),
    t('compare.summary', { words: piece.summary }),
    t('compare.topics', { words: words('topic', piece.topics) }),
    t('compare.stage', { words: word('stage', piece.stage) }),
    t('compare.minutes', { words: piece.minutes }),
    t('compare.helps', { words: words('helps', piece.helps_with) }),
    t('compare.search', { words: piece.search_words.join(', ') }),
    ...(piece.discreet ? [t('write.field.discreet')] : []),
    ...(piece.awaiting_native_review ? [t('write.field.native')] : []),
    ...piece.body.split('\n').map((line) => line.trimEnd()).filter(Boolean),
    ...piece.sources.map((source) => t('compare.source', source)),
  ];
}
