import { useState } from 'preact/hooks';
import type { DeadLetter, DeadLetterPage, ReplayRequest } from '../../.generated/openapi';
import { get } from '../api/client';
import { replace, route } from '../app/route';
import { useStore } from '../store';
import { useLoaded, useWork } from '../ui/load';
import { Need } from '../ui/Need';
import { Card, Failure, Skeleton } from '../ui/parts';
import { DeadLetterView } from './DeadLetterView';
import { queues, type Queue } from './queues';
import { ReplayDialog } from './ReplayDialog';

const limit = 20;

/** Messages that were given up, by queue: why, with what, and a replay that first says what it would do. */
export function DeadLetters() {
  const { query } = useStore(route);
  const queue = queues.find(([name]) => name === query.get('queue'))?.[0] ?? 'alert-events';
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [replayed, setReplayed] = useState<Pick<ReplayRequest, 'ids' | 'all'> | null>(null);
  const [more, setMore] = useState<DeadLetter[]>([]);
  const [next, setNext] = useState<string | null | undefined>(undefined);
  const { value, error, isLoading, reload } = useLoaded(signal => read(queue, null, signal), [queue]);
  const work = useWork();
  const letters = [...(value?.items ?? []), ...more];
  const continuation = next === undefined ? value?.continuation : next;

  const start = (name: Queue) => {
    setChosen(new Set());
    setMore([]);
    setNext(undefined);
    replace('health', new URLSearchParams({ queue: name }));
  };
  const toggle = (id: string) =>
    setChosen(before => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const loadMore = () =>
    work.run(async () => {
      const page = await read(queue, continuation ?? null);
      setMore(before => [...before, ...page.items]);
      setNext(page.continuation);
    });

  return (
    <Card
      title="Dead letters"
      id="dead-letters"
      actions={
        <div class="inline">
          {letters.length > 0 ? (
            <Need role="Admin" quiet>
              {chosen.size > 0 ? (
                <button class="small primary" onClick={() => setReplayed({ ids: [...chosen] })}>
                  Replay {chosen.size}…
                </button>
              ) : null}
              <button class="small" onClick={() => setReplayed({ all: true })}>
                Replay all…
              </button>
            </Need>
          ) : null}
          <button
            class="small"
            onClick={() => {
              // Further pages begin where the first one now ends.
              start(queue);
              reload();
            }}
          >
            Read again
          </button>
        </div>
      }
    >
      <div class="chips" role="group" aria-label="Queue">
        {queues.map(([name, label]) => (
          <button key={name} class="chip" aria-pressed={name === queue} onClick={() => start(name)}>
            {label}
            {name === queue && value ? <b> {continuation ? `${letters.length}+` : letters.length}</b> : null}
          </button>
        ))}
      </div>
      {error || work.error ? <Failure error={error ?? work.error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={2} /> : null}
      {value && letters.length === 0 ? <p class="hint">None: every message of this queue was handled or is still tried.</p> : null}
      <ul class="entries">
        {letters.map(letter => (
          <DeadLetterView key={letter.id} letter={letter} isChosen={chosen.has(letter.id)} toggle={() => toggle(letter.id)} />
        ))}
      </ul>
      {continuation ? (
        <button disabled={work.isBusy} onClick={loadMore}>
          Show more
        </button>
      ) : null}
      {replayed ? (
        <ReplayDialog
          queue={queue}
          what={replayed}
          onClose={isSent => {
            setReplayed(null);
            if (!isSent) return;
            start(queue);
            reload();
          }}
        />
      ) : null}
    </Card>
  );
}

async function read(queue: Queue, continuation: string | null, signal?: AbortSignal): Promise<DeadLetterPage> {
  const query = new URLSearchParams({ queue, limit: String(limit), ...(continuation ? { continuation } : {}) });
  return get<DeadLetterPage>(`/dead-letters?${query}`, signal);
}
