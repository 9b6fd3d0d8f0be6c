import type { AlertRow, AlertRows } from '../../.generated/openapi';
import { send } from '../api/client';
import { maySee, session } from '../app/session';
import { Store } from '../store';
import { unread } from './order';

/** What the list knows: the rows as they were read last, and how well reading goes. */
export interface Feed {
  rows: ReadonlyMap<string, AlertRow>;
  isCut: boolean;
  /** When the bridge said last that this is the present state; null before the first answer. */
  readAt: number | null;
  /** Since when reading fails; null while it works. */
  failedSince: number | null;
  error: unknown;
  /** The page is hidden. */
  paused: boolean;
}

const everyMs = 5_000;
const longestMs = 60_000;

export const feed = new Store<Feed>({ rows: unread, isCut: false, readAt: null, failedSince: null, error: null, paused: false });

let tag: string | null = null;
/** When the bridge had read what is shown. */
let shownAt = 0;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
let reading: AbortController | null = null;

/** Reads again at once: after an action of one's own, and when the page is shown again. */
export function refresh(): void {
  clearTimeout(timer);
  reading?.abort();
  void read();
}

/** Reads now and a little later: an action takes effect within a second or two. */
export function refreshSoon(): void {
  clearTimeout(timer);
  timer = setTimeout(refresh, 1_500);
}

async function read(): Promise<void> {
  if (!maySee(session.value)) return;
  if (document.hidden) return feed.update({ paused: true });
  const stop = (reading = new AbortController());
  let nextMs = everyMs;
  try {
    const answer = await send('/alert-rows', { headers: tag ? { 'If-None-Match': tag } : {}, signal: stop.signal });
    const isChanged = answer.status !== 304;
    const answeredAt = Number(answer.headers.get('x-read-at') ?? shownAt);
    // Another instance of the bridge, which has not read again since: what is shown is newer.
    const isOlder = isChanged && answeredAt < shownAt;
    const list = isChanged && !isOlder ? ((await answer.json()) as AlertRows) : null;
    if (!isOlder) [tag, shownAt] = [answer.headers.get('ETag') ?? tag, Math.max(shownAt, answeredAt)];
    // Just after the bridge reads again, so that what is shown is hardly older than that read.
    nextMs = Math.min(everyMs, Number(answer.headers.get('x-next-in') ?? everyMs)) + 150;
    failures = 0;
    feed.update({
      ...(list ? { rows: new Map(list.items.map(row => [row.incidentId, row])), isCut: list.isCut } : {}),
      ...(isOlder ? {} : { readAt: Date.now() }),
      failedSince: null,
      error: null,
      paused: false,
    });
  } catch (error) {
    if (stop.signal.aborted) return;
    failures++;
    nextMs = Math.min(everyMs * 2 ** Math.min(failures - 1, 4), longestMs) * (0.8 + Math.random() * 0.4);
    feed.update({ failedSince: feed.value.failedSince ?? Date.now(), error, paused: false });
  }
  clearTimeout(timer);
  timer = setTimeout(read, nextMs);
}

export function startFeed(): void {
  document.addEventListener('visibilitychange', () => (document.hidden ? feed.update({ paused: true }) : refresh()));
  addEventListener('online', refresh);
  session.watch(now => {
    if (now.key === null) {
      // The next person sees nothing of this one.
      [tag, shownAt] = [null, 0];
      feed.set({ rows: unread, isCut: false, readAt: null, failedSince: null, error: null, paused: false });
    } else if (maySee(now)) refresh();
  });
  void read();
}
