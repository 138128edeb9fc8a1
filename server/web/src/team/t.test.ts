import { expect, it } from 'vitest';
import { en } from './en';
import { happened, t, word } from './t';

it('shows a value it does not know as the server wrote it', () => {
  expect(word('role', 'team_lead')).toBe('Team lead');
  expect(word('role', 'night_owl')).toBe('night owl');
  expect(happened('moved_house')).toBe('moved house');
});

it('tells a contact request’s history from a flag’s', () => {
  expect([happened('flag_added'), happened('contact_added')]).toEqual(['New answers added', 'The client added words']);
  expect([happened('contact_seen'), happened('flag_note')]).toEqual(['Seen', 'Note']);
});

it('counts in words', () => {
  expect([t('clients.flags', { n: 1 }), t('clients.flags', { n: 2 })]).toEqual(['1 flag', '2 flags']);
});

it('keeps the voice: no exclamation marks, and no word of risk', () => {
  for (const entry of Object.values(en)) expect(JSON.stringify(entry)).not.toMatch(/!|\brisk|patient|complian|relapse|score/i);
});
