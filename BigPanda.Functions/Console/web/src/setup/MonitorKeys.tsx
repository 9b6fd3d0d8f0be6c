import { useState } from 'preact/hooks';
import type { MonitorConnection, NewMonitorConnection } from '../../.generated/openapi';
import { change, get, id as inPath } from '../api/client';
import { Choice, Field, textOf } from '../ui/fields';
import { useLoaded, useWork } from '../ui/load';
import { Badge, Banner, Failure, Text, Time } from '../ui/parts';
import { count } from '../ui/text';

const regions = [
  ['', 'As the setting BigPanda__Region says'],
  ['us', 'US'],
  ['eu', 'EU'],
] as const;

/** The keys with which a monitor's alerts are sent to BigPanda. */
export function MonitorKeys({ id }: { id: string }) {
  const path = `/monitors/${inPath(id)}/connection`;
  const { value, error, reload } = useLoaded(signal => get<MonitorConnection>(path, signal), [path], 15_000);
  const [token, setToken] = useState('');
  const [appKey, setAppKey] = useState('');
  const [region, setRegion] = useState<'' | 'us' | 'eu'>('');
  const [address, setAddress] = useState('');
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    work.run(async () => {
      const body: NewMonitorConnection = { orgToken: token.trim(), alertsAppKey: appKey.trim(), region: region || null, apiBaseUrl: textOf(address) };
      await change<MonitorConnection>('PUT', path, body);
      setToken('');
      setAppKey('');
      reload();
    });
  };
  const remove = () =>
    work.run(async () => {
      await change('DELETE', path);
      reload();
    });
  return (
    <form onSubmit={submit}>
      {error ? <Failure error={error} retry={reload} /> : null}
      {value?.connected ? (
        <p>
          <Badge tone="success">Connected</Badge> token <code>…{value.orgTokenSuffix}</code>, app key <code>…{value.alertsAppKeySuffix}</code>
          {value.lastSuccessAt ? (
            <>
              , worked <Time at={value.lastSuccessAt} />
            </>
          ) : null}{' '}
          <button type="button" class="small" disabled={work.isBusy} onClick={remove}>
            Delete the keys
          </button>
        </p>
      ) : (
        <p class="hint">Without keys the alerts are accepted and parked, and sent in order once keys are stored.</p>
      )}
      {value && value.parkedAlerts > 0 ? (
        <Banner tone="warning">
          {count(value.parkedAlerts, 'alert')} parked since <Time at={value.parkedSince} />: <Text of={value.parkedBecause} />
        </Banner>
      ) : null}
      {value?.lastFailure ? (
        <p class="error">
          Failed <Time at={value.lastFailureAt} />: <Text of={value.lastFailure} />
        </p>
      ) : null}
      <Field label="Organisation token" type="password" required maxLength={1000} value={token} onText={setToken} hint="BigPanda: Settings → Organization. A person’s API key is not accepted." />
      <Field label="App key of the integration" type="password" required maxLength={200} value={appKey} onText={setAppKey} hint="BigPanda checks it only with the first alert." />
      <div class="two">
        <Choice label="Region" value={region} choices={regions} onChoice={setRegion} />
        <Field label="Address instead of a region" type="url" value={address} onText={setAddress} />
      </div>
      {work.error ? <Failure error={work.error} /> : null}
      {value?.note ? <p class="hint">{value.note}</p> : null}
      <button class="primary" disabled={work.isBusy}>
        {work.isBusy ? 'Asking BigPanda…' : 'Check and store'}
      </button>
    </form>
  );
}
