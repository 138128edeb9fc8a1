// News as it happens. A stream read with fetch, resumed from the last id we heard; when it breaks we say so, keep trying with
// growing pauses, and look every 30 seconds meanwhile. Whoever shows something registers what to do when there is news.
import type { TeamEvent } from '../shared/wire-team';
import { backoff, EventParser } from './inbox/events';
import { api } from './session.svelte';

const POLL = 30_000;
/** The server says "still here" every 15 s. Three missed, and a half-open line is taken for dead. */
const SILENT = 45_000;

export const live = $state<{ state: 'joining' | 'live' | 'not_live'; since: Date }>({ state: 'joining', since: new Date() });

type Hear = (event: TeamEvent | null) => void;
const hearers = new Set<Hear>();

/** `null` means: anything may have changed. Returns the way to stop. */
export function onNews(hear: Hear): () => void {
  hearers.add(hear);
  return () => void hearers.delete(hear);
}

const tell = (event: TeamEvent | null) => hearers.forEach((hear) => hear(event));

/** Starts the stream; returns the way to end it. */
export function goLive(): () => void {
  const over = new AbortController();
  const poll = setInterval(() => live.state !== 'live' && tell(null), POLL);
  let wake = () => {};
  // Coming back to the tab, or back to the network, is the moment to look, not half a minute later.
  const nudge = () => {
    if (document.visibilityState !== 'visible') return;
    wake();
    tell(null);
  };
  addEventListener('online', nudge);
  document.addEventListener('visibilitychange', nudge);
  void listen(over.signal, (ms) => pause(ms, over.signal, (now) => (wake = now)));
  return () => {
    over.abort();
    clearInterval(poll);
    removeEventListener('online', nudge);
    document.removeEventListener('visibilitychange', nudge);
  };
}

async function listen(over: AbortSignal, rest: (ms: number) => Promise<void>) {
  let lastId = '';
  let tries = 0;
  live.state = 'joining';
  while (!over.aborted) {
    let began = 0;
    await follow(over, lastId, {
      opened: () => {
        began = Date.now();
        live.state = 'live';
        // What happened between the last look and this line is fetched once, so that there is no gap.
        tell(null);
      },
      heard: (id) => (lastId = id),
      // Whatever broke it, the cure is the same: say so, wait a little, try again.
    }).catch(() => {});
    if (over.aborted) return;
    const broke = new Date();
    // A line that held for a while and ended is taken up again at once (the server may only be restarting);
    // we say "not live" when that fails, with the moment it truly broke.
    if (began && broke.getTime() - began > 5_000) {
      tries = 0;
      live.since = broke;
      continue;
    }
    if (live.state !== 'not_live') {
      if (tries === 0 && (live.state === 'joining' || began)) live.since = broke;
      live.state = 'not_live';
    }
    tries += 1;
    await rest(backoff(tries, Math.random()));
  }
}

async function follow(over: AbortSignal, lastId: string, on: { opened: () => void; heard: (id: string) => void }) {
  const line = new AbortController();
  const hangUp = () => line.abort();
  over.addEventListener('abort', hangUp);
  let silence = setTimeout(hangUp, SILENT);
  try {
    const response = await api.stream('/team/events', lastId ? { 'Last-Event-ID': lastId } : {}, line.signal);
    on.opened();
    const parser = new EventParser();
    parser.lastId = lastId;
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(hangUp, SILENT);
      for (const event of parser.feed(value)) {
        on.heard(parser.lastId);
        tell(event.event === 'changed' ? read(event.data) : null);
      }
    }
  } finally {
    clearTimeout(silence);
    over.removeEventListener('abort', hangUp);
    line.abort();
  }
}

/** What an event says; what cannot be read counts as "anything may have changed". */
function read(data: string): TeamEvent | null {
  try {
    return JSON.parse(data) as TeamEvent;
  } catch {
    return null;
  }
}

function pause(ms: number, over: AbortSignal, sooner: (wake: () => void) => void): Promise<void> {
  return new Promise((done) => {
    const timer = setTimeout(done, ms);
    const now = () => {
      clearTimeout(timer);
      done();
    };
    sooner(now);
    over.addEventListener('abort', now, { once: true });
  });
}
