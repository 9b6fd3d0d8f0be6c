import type { Readiness } from '../../.generated/openapi';
import { send } from '../api/client';
import { useLoaded } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text } from '../ui/parts';
import { capital, partName } from '../ui/text';

const everyMs = 30_000;

/** 503 is an answer too: it names the dependency that is down. */
async function read(signal: AbortSignal): Promise<Readiness> {
  return (await send('/health/ready', { signal, accept: 503 })).json() as Promise<Readiness>;
}

export function ReadinessCard() {
  const { value, error, isLoading, reload } = useLoaded(read, [], everyMs);
  return (
    <Card
      title="Readiness"
      id="readiness"
      actions={
        <div class="inline">
          {value ? <Badge tone={value.status === 'ready' ? 'success' : 'danger'}>{capital(value.status)}</Badge> : null}
          <button class="small" onClick={reload}>
            Check now
          </button>
        </div>
      }
    >
      {error ? <Failure error={error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={3} /> : null}
      <ul class="parts">
        {value?.dependencies.map(({ name, healthy, detail }) => (
          <li key={name} class={healthy ? 'well' : 'ill'}>
            <i aria-hidden="true" />
            <b>{partName(name)}</b>
            <span>
              <span class="sr-only">{healthy ? 'healthy: ' : 'not healthy: '}</span>
              <Text of={detail} />
            </span>
          </li>
        ))}
      </ul>
      {value && value.notices.length > 0 ? (
        <>
          <h3>Notices</h3>
          <ul class="notices">
            {value.notices.map(notice => (
              <li key={notice}>
                <Text of={notice} />
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Card>
  );
}
