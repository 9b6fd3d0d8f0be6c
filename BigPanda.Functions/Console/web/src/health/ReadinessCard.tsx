import type { Readiness } from '../../.generated/openapi';
import type { Loaded } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text } from '../ui/parts';
import { capital, partName } from '../ui/text';

export function ReadinessCard({ readiness: { value, error, isLoading, reload } }: { readiness: Loaded<Readiness> }) {
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
