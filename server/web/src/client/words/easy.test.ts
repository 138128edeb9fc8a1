import { expect, test } from 'vitest';
import { easy } from './easy.en';

// Shorter is not less true: what the usual words are careful not to say, Easy Read does not say either.
test('Easy Read claims nothing that nobody knows', () => {
  const { main, check_ins } = easy;
  // What was asked may be on this phone alone.
  expect(main['contact.again']).not.toMatch(/have it/);
  // That nobody has taken it up or been told of it does not mean that nobody has seen, or can see it.
  expect(`${main['today.talk_short']} ${main['ladder.now_nowhere_long']}`).not.toMatch(/see/i);
  // One person is not all of them, and who is on call may be asleep.
  expect(main['ladder.seen']).toMatch(/^Someone/);
  expect(`${main['cover.watched']} ${main['cover.watched_long'] ?? ''}`).not.toMatch(/is there/);
  // Whoever could not be reached has done nothing.
  expect(`${main['ladder.call_missed']} ${main['ladder.visit_missed']}`).not.toMatch(/you did/i);
  // Nobody is forbidden to read.
  expect(check_ins['after.sent']).not.toMatch(/no one may/i);
});
