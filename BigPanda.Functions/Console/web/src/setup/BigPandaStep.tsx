import { useState } from 'preact/hooks';
import type { Connection, Probe } from '../../.generated/openapi';
import { change } from '../api/client';
import { Confirm } from '../ui/Confirm';
import { useWork, type Loaded } from '../ui/load';
import { Badge, Banner, Card, Failure, Skeleton, Text, Time } from '../ui/parts';
import { count } from '../ui/text';
import { ConnectionForm } from './ConnectionForm';

export function BigPandaStep({ connection: { value, error, isLoading, reload } }: { connection: Loaded<Connection> }) {
  const [isAsked, ask] = useState(false);
  return (
    <>
      <Card
        title="Connection to BigPanda"
        actions={
          value?.connected ? (
            <button class="small" onClick={() => ask(true)}>
              Disconnect…
            </button>
          ) : null
        }
      >
        {error ? <Failure error={error} retry={reload} /> : null}
        {isLoading && !value ? <Skeleton rows={3} /> : null}
        {value?.connected ? <Connected connection={value} /> : null}
        {value && !value.connected ? <Banner tone="warning">BigPanda is not connected: closes and comments are parked until a key is stored.</Banner> : null}
      </Card>
      {value?.connected ? <ProbeCard /> : null}
      {value ? <ConnectionForm connection={value} onStored={reload} /> : null}
      {isAsked ? (
        <Confirm
          title="Disconnect BigPanda?"
          action="Disconnect"
          onClose={() => ask(false)}
          work={async () => {
            await change('DELETE', '/connection');
            reload();
          }}
        >
          <p>The key is deleted. Webhooks still fire and resolve alerts; closes and comments are parked until another key is stored.</p>
        </Confirm>
      ) : null}
    </>
  );
}

function Connected({ connection }: { connection: Connection }) {
  const environments = connection.environments ?? [];
  return (
    <dl class="pairs">
      <div>
        <dt>Key</dt>
        <dd>
          <code>…{connection.keySuffix}</code>, stored <Time at={connection.connectedAt} />
          {connection.connectedBy ? (
            <>
              {' '}
              by <Text of={connection.connectedBy} limit={80} />
            </>
          ) : null}
        </dd>
      </div>
      <div>
        <dt>Address</dt>
        <dd>
          <Text of={connection.apiBaseUrl ?? connection.region} limit={200} />
        </dd>
      </div>
      <div>
        <dt>Expires</dt>
        <dd>
          {connection.daysLeft === null ? 'unknown: store the date with the key' : <Badge tone={connection.daysLeft < 14 ? 'danger' : 'success'}>{connection.daysLeft < 0 ? 'expired' : `in ${count(connection.daysLeft, 'day')}`}</Badge>}
        </dd>
      </div>
      <div>
        <dt>Environments</dt>
        <dd>
          <Text of={environments.map(one => one.name ?? one.id).join(', ') || 'none'} limit={1000} />
          {connection.environmentCount && connection.environmentCount > environments.length ? ` and ${connection.environmentCount - environments.length} more` : ''}
        </dd>
      </div>
      <div>
        <dt>Last call</dt>
        <dd>
          {connection.lastSuccessAt ? (
            <>
              worked <Time at={connection.lastSuccessAt} />
            </>
          ) : (
            'none yet'
          )}
          {connection.lastFailure ? (
            <p class="error">
              failed <Time at={connection.lastFailureAt} />: <Text of={connection.lastFailure} />
            </p>
          ) : null}
        </dd>
      </div>
    </dl>
  );
}

function ProbeCard() {
  const [probe, setProbe] = useState<Probe | null>(null);
  const work = useWork();
  return (
    <Card
      title="What the key may do"
      actions={
        <button class="small" disabled={work.isBusy} onClick={() => work.run(async () => setProbe(await change<Probe>('POST', '/connection/probe')))}>
          {work.isBusy ? 'Asking BigPanda…' : 'Ask BigPanda'}
        </button>
      }
    >
      {work.error ? <Failure error={work.error} /> : null}
      {probe === null ? <p class="hint">Calls that only read show most permissions. Nothing is changed in BigPanda.</p> : null}
      <ul class="entries">
        {probe?.permissions.map(({ permission, endpoint, shown, detail }) => (
          <li key={permission}>
            <Badge tone={shown === 'yes' ? 'success' : shown === 'no' ? 'danger' : 'plain'}>{shown}</Badge> <b>{permission}</b>
            <p class="hint">
              <Text of={detail} /> (<code>{endpoint}</code>)
            </p>
          </li>
        ))}
      </ul>
    </Card>
  );
}
