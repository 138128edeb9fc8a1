// All stories, two files at a time: npm test. The longest first, so that no core is left alone with one of them at the end; `node --test` has an
// order of its own. One file: node --test --test-reporter=./reporter.mjs stories/board.story.mjs
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { run } from 'node:test';
import report from './reporter.mjs';

const STORIES = new URL('stories', import.meta.url).pathname;
const size = (file) => statSync(file).size;
const files = readdirSync(STORIES)
  .filter((name) => name.endsWith('.story.mjs'))
  .map((name) => join(STORIES, name))
  .sort((a, b) => size(b) - size(a));
const told = run({ files, concurrency: 2 });
told.on('test:fail', () => (process.exitCode = 1));
told.compose(report).pipe(process.stdout);
