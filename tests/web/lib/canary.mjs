// Words that nobody would write by chance, looked for in every file of a folder: as they are, and in the two bytes a letter that browsers store too.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function filesWith(folder, canaries) {
  const found = [];
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const bytes = await readFile(join(entry.parentPath, entry.name)).catch(() => Buffer.alloc(0));
    for (const words of canaries) for (const coding of ['utf8', 'utf16le']) if (bytes.includes(Buffer.from(words, coding))) found.push(`${join(entry.parentPath, entry.name).slice(folder.length)}: ${words} (${coding})`);
  }
  return found;
}
