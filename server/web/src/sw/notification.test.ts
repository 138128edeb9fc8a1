import { describe, expect, test } from 'vitest';
import { acknowledged, notification, receipts } from './notification';
import type { Understood } from './payload';
import type { Sent } from './receipts';
import { isOf, place } from './places';
import { instead } from './words';
import serverWords from '../../../src/notify/words.rs?raw';

const push = (more: Partial<Understood> = {}): Understood => ({ id: 'd1', r: 'token', kind: 'reminder', n: 1, tag: 'rem', t: 'A reminder', d: 'neutral', a: false, ...more });
const KNOWN = { titles: [], language: 'en' as const, again: false };

describe('a notification', () => {
  test('says the server’s neutral words, and carries what is needed to answer it', () => {
    const { title, options } = notification('client', push(), KNOWN);
    expect(title).toBe('A reminder');
    expect(options).toMatchObject({ tag: 'rem', renotify: true, data: { id: 'd1', token: 'token', url: '/#/reminders' } });
    expect(options.body).toBeUndefined();
  });

  test('says the person’s own words where the phone knows them, with the neutral ones below', () => {
    const { title, options } = notification('client', push({ n: 2, t: 'Reminders' }), { ...KNOWN, titles: ['Tablets', 'Wind down'] });
    expect([title, options.body]).toEqual(['Tablets and Wind down', 'Reminders']);
    expect(notification('client', push(), { ...KNOWN, titles: ['A', 'B', 'C'], language: 'cy' }).title).toBe('A, B a C');
  });

  test('speaks as the phone does, whatever language the record is in', () => {
    const title = (more: Partial<Understood>, language: 'en' | 'cy') => notification('client', push(more), { ...KNOWN, language }).title;
    expect([title({ t: 'Nodyn atgoffa' }, 'en'), title({ n: 3 }, 'cy')]).toEqual(['A reminder', 'Nodiadau atgoffa']);
    expect(title({ kind: 'other', t: 'What is newer' }, 'cy')).toBe('What is newer');
    expect(title({ d: 'hidden', t: 'Companion' }, 'cy')).toBe('Companion');
  });

  test('has the server’s own words in both languages', () => {
    for (const [kind, name] of [['reminder', 'Reminder'], ['contact_news', 'ContactNews'], ['plan_waiting', 'PlanWaiting'], ['test', 'Test']] as const) {
      const words = (['en', 'cy'] as const).map((language) => [1, 2].map((n) => instead(push({ kind, n }), language)));
      const theirs = serverWords.match(new RegExp(`Kind::${name} => (?:\\{\\s*)?(\\[\\[.*?\\]\\])`))?.[1];
      expect(JSON.parse(theirs ?? ''), name).toEqual(words);
    }
  });

  test('is always something, whatever came', () => {
    expect(notification('client', null, KNOWN).title).toBe('There is something new');
    expect(notification('client', null, { ...KNOWN, language: 'cy' }).title).toBe('Mae rhywbeth newydd');
    const { options } = notification('team', push({ t: ' ', tag: '', id: '' }), KNOWN);
    expect(options.renotify, 'browsers refuse it without a tag').toBeUndefined();
    expect(options.data.url).toBe('/team/#/');
  });

  test('has buttons for a single thing only', () => {
    const buttons = (more: Partial<Understood>, app: 'client' | 'team' = 'client') => notification(app, push(more), KNOWN).options.actions?.map((one) => one.action);
    expect(buttons({})).toEqual(['done', 'snooze', 'open']);
    for (const more of [{ n: 2 }, { kind: 'contact_news' }, { kind: 'test' }, { id: '' }] satisfies Partial<Understood>[]) expect(buttons(more)).toBeUndefined();
    expect(buttons({}, 'team')).toBeUndefined();
    expect(buttons({ kind: 'contact_request', a: true }, 'client')).toBeUndefined();
  });

  test('can be answered on the lock screen only where the server says that somebody can take it', () => {
    const buttons = (more: Partial<Understood>) => notification('team', push(more), KNOWN).options.actions?.map((one) => one.action);
    for (const kind of ['contact_request', 'flag'] as const) {
      expect(buttons({ kind, a: true })).toEqual(['acknowledge']);
      expect(buttons({ kind, n: 1 }), 'the flags of a morning come as one, and nobody takes them here').toBeUndefined();
    }
    expect(buttons({ kind: 'flag', n: 3, a: true }), 'several at once: which of them?').toBeUndefined();
    expect(buttons({ kind: 'readiness' })).toBeUndefined();
  });

  test('has no buttons where as little as possible is wanted: they would say what it is', () => {
    expect(notification('client', push({ t: 'Companion', d: 'hidden' }), KNOWN)).toMatchObject({ title: 'Companion', options: { data: { id: 'd1' } } });
    expect(notification('client', push({ d: 'hidden' }), KNOWN).options.actions).toBeUndefined();
  });

  test('that comes a second time makes no second sound', () => {
    expect(notification('client', push(), { ...KNOWN, again: true }).options.renotify).toBe(false);
  });

  test('leads to the page it is about', () => {
    const kinds = ['reminder', 'contact_news', 'plan_waiting', 'test', 'flag', 'contact_request', 'other', null] as const;
    expect(kinds.map((kind) => place('client', kind))).toEqual(['/#/reminders', '/#/contact/latest', '/#/plan', '/#/reminder-settings', '/#/', '/#/', '/#/', '/#/']);
    expect(kinds.map((kind) => place('team', kind)).filter((url) => url !== '/team/#/')).toEqual(['/team/#/notifications', '/team/#/night', '/team/#/night']);
    expect([place('team', 'readiness'), place('team', 'rota')]).toEqual(['/team/#/rota', '/team/#/rota']);
  });

  test('finds the windows of its own app', () => {
    expect([isOf('client', 'https://x.example/#/me'), isOf('client', 'https://x.example/team/#/'), isOf('team', 'https://x.example/team/'), isOf('team', 'https://x.example/')]).toEqual([true, false, true, false]);
  });
});

describe('after “I’ve got this”', () => {
  const says = (outcome: Sent['outcome'], answers: Sent['answers'] = {}, tag = 'req') => acknowledged('d1', { outcome, answers }, tag, 'en');
  test('it says what the server said, and never more', () => {
    expect(says('taken', { d1: 'yours' })).toMatchObject({ title: 'You’ve got this', options: { tag: 'req', silent: true } });
    expect([says('taken', { d1: 'taken' }), says('taken', { d1: 'over' }), says('taken', { other: 'yours' }), says('refused')].map((one) => one.title)).toEqual([
      'Somebody else has this', 'This is over', 'Your answer has reached the server', 'The server did not take your answer',
    ]);
  });
  test('it says aloud that the server does not know yet, and for which ring', () => {
    expect(says('later')).toMatchObject({ title: 'Could not reach the server yet', options: { body: expect.stringMatching(/^Open the app\./), silent: false, renotify: true, data: { untold: 'd1' } } });
  });
  test('it leads to who needs a person, answers nothing by itself, and fits without a tag', () => {
    expect(says('taken').options.data).toEqual({ id: '', token: '', url: '/team/#/night' });
    expect(says('later', {}, '').options.renotify).toBeUndefined();
  });
});

describe('a receipt', () => {
  const says = (touched: string) => receipts({ id: 'd1', token: 'token' }, touched, 0).map((one) => one.what);
  test('says that it was seen, and a button what was answered', () => {
    expect([says(''), says('open'), says('done'), says('snooze'), says('acknowledge'), says('something else')]).toEqual([['seen'], ['seen'], ['seen', 'done'], ['seen', 'snooze'], ['seen', 'acknowledge'], ['seen']]);
    expect(receipts({ id: 'd1', token: 'token' }, '', 0)).toEqual([{ id: 'd1', token: 'token', what: 'seen', at: '1970-01-01T00:00:00.000Z' }]);
  });
  test('is none where nothing says of what', () => {
    expect(receipts({ id: '', token: '' }, 'done', 0)).toEqual([]);
  });
});
