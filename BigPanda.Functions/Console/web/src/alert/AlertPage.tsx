import { useState } from 'preact/hooks';
import type { Alert, TimelineEntry } from '../../.generated/openapi';
import { ApiError, get, id as inPath } from '../api/client';
import { follow, href, route } from '../app/route';
import { ActDialog, type Act } from '../alerts/ActDialog';
import { feed } from '../alerts/feed';
import { useStore } from '../store';
import { useLoaded } from '../ui/load';
import { Empty, Failure, Skeleton } from '../ui/parts';
import { About } from './About';
import { Destinations } from './Destinations';
import { ExplainCard } from './ExplainCard';
import { Heading } from './Heading';
import { RebuildCard } from './RebuildCard';
import { Ribbon } from './Ribbon';
import { Timeline } from './Timeline';

/** A timeline has at most a thousand entries; a page of the API has 200. */
const mostPages = 6;

/** For an alert that the list does not have, such as one that was resolved long ago. */
const unlistedMs = 60_000;

export function AlertPage() {
  const { query } = useStore(route);
  const id = query.get('id') ?? '';
  // The list's feed says when an event of this alert was applied.
  const row = useStore(feed).rows.get(id);
  const loaded = useLoaded(signal => read(id, signal), [id, row?.events], row ? 0 : unlistedMs);
  const [act, setAct] = useState<Act | null>(null);
  const [isExplained, explain] = useState(false);
  const [last, setLast] = useState<Alert | null>(null);
  // While a change is being read, what was there before stays.
  const alert = loaded.value ?? (last?.incidentId === id ? last : null);
  if (loaded.value && loaded.value !== last) setLast(loaded.value);

  if (alert === null) return loaded.error ? <Missing id={id} error={loaded.error} retry={loaded.reload} /> : <Skeleton rows={10} />;
  return (
    <article class="alert">
      <nav class="crumbs" aria-label="Back">
        <a href={href('alerts')} onClick={follow}>
          ← Alerts
        </a>
      </nav>
      {loaded.error ? <Failure error={loaded.error} retry={loaded.reload} /> : null}
      <Heading alert={alert} start={setAct} />
      <Ribbon alert={alert} />
      <div class="columns">
        <div class="story">
          <div class="chips" role="group" aria-label="Story">
            <button class="chip" aria-pressed={!isExplained} onClick={() => explain(false)}>
              Timeline
            </button>
            <button class="chip" aria-pressed={isExplained} onClick={() => explain(true)}>
              Why, step by step
            </button>
          </div>
          {isExplained ? (
            <ExplainCard id={alert.incidentId} version={row?.events ?? 0} />
          ) : (
            <Timeline entries={alert.timeline ?? []} isFiring={alert.status === 'firing'} />
          )}
        </div>
        <aside>
          <Destinations alert={alert} explain={() => explain(true)} />
          <About alert={alert} />
          <RebuildCard id={alert.incidentId} />
        </aside>
      </div>
      {act ? (
        <ActDialog
          act={act}
          rows={[alert]}
          onClose={isDone => {
            setAct(null);
            if (isDone) setTimeout(loaded.reload, 1_500);
          }}
        />
      ) : null}
    </article>
  );
}

async function read(id: string, signal: AbortSignal): Promise<Alert> {
  const path = `/alerts/${inPath(id)}`;
  const alert = await get<Alert>(path, signal);
  const timeline: TimelineEntry[] = alert.timeline ?? [];
  let next = alert.timelineContinuation;
  for (let page = 1; next && page < mostPages; page++) {
    const more = await get<Alert>(`${path}?timelineContinuation=${encodeURIComponent(next)}`, signal);
    timeline.push(...(more.timeline ?? []));
    next = more.timelineContinuation;
  }
  return { ...alert, timeline };
}

function Missing({ id, error, retry }: { id: string; error: unknown; retry: () => void }) {
  if (!(error instanceof ApiError) || error.code !== 'alert-not-found') return <Failure error={error} retry={retry} />;
  return (
    <Empty title="No such alert" isPage>
      <p>
        No alert has the incident id <code>{id}</code>. Resolved alerts are removed after 90 days, unless the bridge is set up otherwise.
      </p>
      <a href={href('alerts')} onClick={follow}>
        All alerts
      </a>
    </Empty>
  );
}
