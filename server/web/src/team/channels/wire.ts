import type { Instant, Uuid } from '../../shared/wire';

// The ways to reach me, named as on the wire.

export type ChannelKind = 'push' | 'email' | 'sms' | 'voice';
export type ChannelTest = { at: Instant; sent_at: Instant | null; delivered_at: Instant | null; seen_at: Instant | null; problem: string | null };
export type Channel = {
  id: Uuid;
  kind: ChannelKind;
  /** Push has none. */
  address: string | null;
  /** This server can send by it. */
  available: boolean;
  /** It would be rung now. */
  works: boolean;
  last_test: ChannelTest | null;
};
export type ChannelBody = Pick<Channel, 'id' | 'kind' | 'address'>;
/** `can`: what this server can send by. Missing = not told beforehand. */
export type Channels = { items: Channel[]; can?: ChannelKind[] };
