// What a test came to, in words: only what is known, and each by itself.
import { capital } from '../../shared/time';
import { t, type Key } from '../t';
import { en } from './en';
import type { Channel, ChannelBody, ChannelKind, ChannelTest } from './wire';

/** That it arrived: a device says so by itself; of an e-mail or a text only whoever opens the link in it. */
const tells = (kind: ChannelKind): boolean => kind === 'push';

/** Why it did not go, in words. What was answered by somebody else's server is a number, with or without a word of theirs. */
function problemWords(kind: ChannelKind, code: string): string {
  const key = `channels.problem.${code}`;
  if (key in en) return t(key as Key);
  if (/^\d{3}\b/.test(code)) return t(kind === 'push' ? 'channels.problem_push' : 'channels.problem_no', { code });
  return t('channels.problem_other', { code });
}

export function says(kind: ChannelKind, test: ChannelTest, when: (at: string) => string): string {
  const opened = tells(kind) ? test.seen_at : (test.seen_at ?? test.delivered_at);
  if (test.problem && !test.delivered_at && !opened) return t('channels.test_problem', { why: problemWords(kind, test.problem) });
  if (!test.sent_at && !test.delivered_at && !opened) return t('channels.test_going');
  const parts = [
    test.sent_at ? t(tells(kind) ? 'channels.test_sent' : 'channels.test_handed', { time: when(test.sent_at) }) : null,
    tells(kind) && test.delivered_at ? t('channels.test_delivered', { time: when(test.delivered_at) }) : null,
    opened ? t('channels.test_seen', { time: when(opened) }) : null,
  ].filter((one) => one !== null);
  const said = capital(parts.join(', '));
  if (opened || test.delivered_at) return `${said}.`;
  return `${said}. ${t(tells(kind) ? 'channels.test_not_delivered' : 'channels.test_not_seen')}`;
}

/** Nothing more is to come of it. */
export const isOver = (kind: ChannelKind, test: ChannelTest | null): boolean => test !== null && (test.seen_at !== null || test.problem !== null || (!tells(kind) && test.delivered_at !== null));

/** It has been shown to work: somebody opened the last test, or a device said that it was there. Being ready to send shows nothing. */
export const isShown = (kind: ChannelKind, test: ChannelTest | null): boolean => Boolean(test?.seen_at ?? (tells(kind) ? test?.delivered_at : null));

/** Why a way would not ring, or null. */
export function whyNot(channel: Pick<Channel, 'kind' | 'available' | 'works'>): Key | null {
  if (!channel.available && channel.kind !== 'push') return `channels.not_${channel.kind}`;
  if (channel.works) return null;
  return channel.kind === 'push' ? 'channels.not_push' : 'channels.not_now';
}

/** The one form of an address that is kept, from what people write; null if it is none. The server has the last word. */
export function tidied(kind: ChannelKind, address: string): string | null {
  const text = address.trim();
  if (kind === 'push') return null;
  if (kind === 'email') return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text) ? text.toLowerCase() : null;
  const digits = text.replace(/[ ().-]/g, '').replace(/^00/, '+').replace(/^0/, '+44').replace(/^\+440/, '+44');
  return /^\+[1-9]\d{7,14}$/.test(digits) ? digits : null;
}

export const bodyOf = (items: readonly ChannelBody[]): ChannelBody[] => items.map(({ id, kind, address }) => ({ id, kind, address: kind === 'push' ? null : address }));
