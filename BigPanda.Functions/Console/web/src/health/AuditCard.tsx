import { useState } from 'preact/hooks';
import type { Audit, AuditAction } from '../../.generated/openapi';
import { get } from '../api/client';
import { follow, href } from '../app/route';
import { useLoaded, useWork } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text, Time, type Tone } from '../ui/parts';
import { partName, words } from '../ui/text';

type Entry = Audit['items'][number];

const kinds: ReadonlyArray<readonly [AuditAction | '', string]> = [
  ['', 'Everything'],
  ['alert.resolve', 'Resolves'],
  ['alert.comment', 'Comments'],
  ['alert.retry', 'Retries'],
  ['brake.release', 'Brake'],
  ['deadLetters.replay', 'Replays'],
  ['connection.store', 'BigPanda’s key'],
  ['pagerDuty.store', 'PagerDuty’s keys'],
  ['source.change', 'Changed sources'],
];

const tones: Record<Entry['result'], Tone> = { ok: 'success', refused: 'plain', failed: 'danger', begun: 'warning' };
const limit = 20;

/** Who changed what through the API, newest first. */
export function AuditCard() {
  const [action, setAction] = useState<AuditAction | ''>('');
  const [more, setMore] = useState<{ action: string; items: Entry[]; next: string | null } | null>(null);
  const { value, error, isLoading, reload } = useLoaded(signal => read(action, null, signal), [action]);
  const work = useWork();
  const later = more?.action === action ? more : null;
  const items = [...(value?.items ?? []), ...(later?.items ?? [])];
  const next = later ? later.next : (value?.continuation ?? null);
  const loadMore = () =>
    work.run(async () => {
      const page = await read(action, next);
      setMore({ action, items: [...(later?.items ?? []), ...page.items], next: page.continuation });
    });
  return (
    <Card
      title="Audit trail"
      id="audit"
      actions={
        <button
          class="small"
          onClick={() => {
            setMore(null);
            reload();
          }}
        >
          Read again
        </button>
      }
    >
      <div class="chips" role="group" aria-label="Actions">
        {kinds.map(([name, label]) => (
          <button key={name} class="chip" aria-pressed={name === action} onClick={() => setAction(name)}>
            {label}
          </button>
        ))}
      </div>
      {error || work.error ? <Failure error={error ?? work.error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={3} /> : null}
      {value && items.length === 0 ? <p class="hint">Nothing was changed.</p> : null}
      <ul class="entries">
        {items.map(entry => (
          <Line key={`${entry.trace} ${entry.at} ${entry.action}`} entry={entry} />
        ))}
      </ul>
      {next ? (
        <button disabled={work.isBusy} onClick={loadMore}>
          Show earlier ones
        </button>
      ) : null}
    </Card>
  );
}

function Line({ entry }: { entry: Entry }) {
  return (
    <li>
      <p>
        <Badge tone={tones[entry.result]} title={`Trace ${entry.trace}`}>
          {entry.result}
        </Badge>{' '}
        <b>
          <Text of={entry.actor} limit={80} />
        </b>{' '}
        {nameOf(entry.action)} <Target entry={entry} />{' '}
        <span class="hint">
          <Time at={entry.at} />
          {entry.code ? `, ${entry.code}` : ''}
        </span>
      </p>
      {entry.detail ? (
        <p class="hint">
          <Text of={entry.detail} limit={400} />
        </p>
      ) : null}
    </li>
  );
}

function Target({ entry }: { entry: Entry }) {
  if (!entry.target) return null;
  const text = <Text of={entry.target} limit={80} />;
  return entry.action.startsWith('alert.') ? (
    <a href={href('alert', { id: entry.target })} onClick={follow}>
      {text}
    </a>
  ) : (
    text
  );
}

/** source.addToken → "Source: add token". */
function nameOf(action: string): string {
  const [thing = '', verb = ''] = action.split('.');
  return `${partName(thing)}: ${words(verb)}`;
}

async function read(action: string, continuation: string | null, signal?: AbortSignal): Promise<Audit> {
  const query = new URLSearchParams({ limit: String(limit), ...(action ? { action } : {}), ...(continuation ? { continuation } : {}) });
  return get<Audit>(`/audit?${query}`, signal);
}
