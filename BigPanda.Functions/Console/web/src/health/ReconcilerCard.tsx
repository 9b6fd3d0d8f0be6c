import type { Reconciler } from '../../.generated/openapi';
import { change, get } from '../api/client';
import { follow, href } from '../app/route';
import { useLoaded, useWork } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text, Time } from '../ui/parts';
import { count, words } from '../ui/text';
import { duration, ms } from '../ui/time';

/** The comparison of what is open here with BigPanda and PagerDuty: the last report, and a run on request. */
export function ReconcilerCard() {
  const { value, error, isLoading, reload } = useLoaded(signal => get<Reconciler>('/reconciler', signal), [], 15_000);
  const work = useWork();
  const run = (dryRun: boolean) =>
    work.run(async () => {
      await change<Reconciler>('POST', '/reconciler/run', { dryRun });
      reload();
    });
  const isBusy = work.isBusy || Boolean(value?.requested);
  return (
    <Card
      title="Reconciler"
      id="reconciler"
      actions={
        <div class="inline">
          {value ? <Badge tone={value.mode === 'on' ? 'success' : 'warning'}>{words(value.mode)}</Badge> : null}
          <button class="small" disabled={isBusy} onClick={() => run(true)}>
            Dry run
          </button>
          <button class="small" disabled={isBusy} onClick={() => run(false)}>
            Repair now
          </button>
        </div>
      }
    >
      {error || work.error ? <Failure error={error ?? work.error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={3} /> : null}
      {value?.requested ? <p role="status">A {value.requested.dryRun ? 'dry run' : 'run'} was requested: it begins within a minute.</p> : null}
      {value && !value.lastRun ? <p class="hint">It has not run yet.</p> : null}
      {value?.lastRun ? <Report run={value.lastRun} /> : null}
    </Card>
  );
}

type Run = NonNullable<Reconciler['lastRun']>;

function Report({ run }: { run: Run }) {
  const kinds = Object.entries(run.differences);
  return (
    <>
      <p>
        {run.dryRun ? 'Dry run' : 'Run'} <Time at={run.endedAt} />, took {duration(ms(run.startedAt), ms(run.endedAt))}:{' '}
        {kinds.length === 0 ? 'no difference found.' : kinds.map(([kind, number]) => `${number} × ${words(kind)}`).join(', ')}
      </p>
      {run.systems.map(one => (
        <div key={one.system} class="entry-line">
          <p>
            <b>{one.system}</b>: {count(one.open, 'open one')}, {one.compared.toLocaleString('en')} compared one by one
            {one.isComplete ? '' : '; the next run goes on'}
          </p>
          {one.problems.map(problem => (
            <p class="error" key={problem}>
              <Text of={problem} />
            </p>
          ))}
        </div>
      ))}
      <ul class="entries limited" tabIndex={0} aria-label="Differences">
        {run.items.map((item, i) => (
          <li key={i}>
            <Badge tone={item.result === 'repaired' ? 'success' : item.result === 'held' ? 'danger' : 'plain'}>{words(item.result)}</Badge> {words(item.kind)}:{' '}
            <a href={href('alert', { id: item.incidentId })} onClick={follow}>
              <Text of={item.incidentId} limit={60} />
            </a>{' '}
            <span class="hint">
              <Text of={item.detail} />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
