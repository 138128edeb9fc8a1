import type { Instant, Uuid } from './wire';

// Notifications, named as on the wire.

/** This device, as the server can reach it. Sent, delivered and seen are three things; the times are those of the latest. */
export type Subscription = {
  id: Uuid;
  made_at: Instant;
  last_sent_at: Instant | null;
  last_delivered_at: Instant | null;
  last_seen_at: Instant | null;
  /** `gone`: the push service says there is no such device any more. `replaced`: this device has a newer one. */
  ended: null | 'gone' | 'replaced';
};
export type SubscriptionBody = { endpoint: string; keys: { p256dh: string; auth: string } };

export type PushKind = 'reminder' | 'contact_news' | 'plan_waiting' | 'contact_request' | 'flag' | 'readiness' | 'rota' | 'test';
export type Discreet = 'words' | 'neutral' | 'hidden';

/** What a push carries: ids and neutral words, never anybody's own. */
export type Payload = {
  v: number;
  /** Of the delivery. */
  id: Uuid;
  /** The right to say what became of it. */
  r: string;
  kind: PushKind;
  n: number;
  tag: string;
  t: string;
  d: Discreet;
  /** It tells of one request or flag that somebody can take; missing otherwise. */
  a?: boolean;
};

export type Receipt = { id: Uuid; token: string; what: 'delivered' | 'seen' | 'done' | 'snooze' | 'acknowledge'; at: Instant };

/** From the service worker to the pages of its app. `go`: somebody tapped. `news`: something came in. */
export type WorkerMessage = { go: string } | { news: PushKind | 'other' | 'answered' | 'subscription' };
