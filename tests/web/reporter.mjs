// One line a story, what went wrong in full, and at the very end "N passed, N failed".
import { relative } from 'node:path';

export default async function* report(events) {
  const started = Date.now();
  let passed = 0;
  const failed = [];
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') yield data.message;
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    // A file is reported as a test too; only one that died before telling its story counts by itself.
    const file = data.file && relative(process.cwd(), data.file);
    const whole = data.name === data.file || data.name === file;
    if (whole && (type === 'test:pass' || data.details.error?.failureType === 'subtestsFailed')) continue;
    if (type === 'test:pass') passed += 1;
    else failed.push(`${data.name}: ${inFull(data.details.error).trim().split('\n', 12).join('\n')}`);
    yield `${type === 'test:pass' ? 'ok  ' : 'FAIL'} ${data.name} (${(data.details.duration_ms / 1000).toFixed(1)} s)\n`;
    if (type === 'test:fail') yield `${inFull(data.details.error)}\n`;
  }
  yield `in ${((Date.now() - started) / 1000).toFixed(0)} s\n${passed} passed, ${failed.length} failed\n`;
  // Said once more, in brief, where a long output ends: what stands above is cut where a log is kept short.
  for (const name of failed) yield `failed: ${name}\n`;
}

const inFull = (error) => {
  const cause = error?.cause ?? error;
  return String(cause?.stack ?? cause).replace(/^/gm, '     ');
};
