import { useState } from 'preact/hooks';
import type { Connection, NewConnection } from '../../.generated/openapi';
import { change } from '../api/client';
import { session } from '../app/session';
import { Choice, Field, textOf } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure } from '../ui/parts';
import { count } from '../ui/text';

const regions = [
  ['', 'As the setting BigPanda__Region says'],
  ['us', 'US'],
  ['eu', 'EU'],
] as const;

export function ConnectionForm({ connection, onStored }: { connection: Connection; onStored: () => void }) {
  const [apiKey, setApiKey] = useState('');
  const [region, setRegion] = useState<'' | 'us' | 'eu'>('');
  const [address, setAddress] = useState('');
  const [environment, setEnvironment] = useState(connection.defaultEnvironmentId ?? '');
  const [expiresOn, setExpiresOn] = useState('');
  const [stored, setStored] = useState<Connection | null>(null);
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    work.run(async () => {
      const body: NewConnection = {
        apiKey: apiKey.trim(),
        region: region || null,
        apiBaseUrl: textOf(address),
        defaultEnvironmentId: textOf(environment),
        expiresOn: textOf(expiresOn),
        actor: session.value.name,
      };
      setStored(await change<Connection>('PUT', '/connection', body));
      setApiKey('');
      onStored();
    });
  };
  return (
    <Card title={connection.connected ? 'Store another key' : 'Store the key'}>
      <ol class="guide">
        <li>
          In BigPanda: <b>Settings → Access Management → Service Accounts</b>. Create one for the bridge, with a separate role: Environments (view), and for each
          shared environment view and <b>Incident Actions</b>.
        </li>
        <li>
          <b>Settings → Access Management → API Keys</b>: create its key. BigPanda shows it once.
        </li>
      </ol>
      <form onSubmit={submit}>
        <Field label="API key" type="password" required value={apiKey} onText={setApiKey} hint="Checked with BigPanda before it is stored in Key Vault. It is never shown again." />
        <div class="two">
          <Choice label="Region" value={region} choices={regions} onChoice={setRegion} />
          <Field label="Expires on" type="date" value={expiresOn} onText={setExpiresOn} hint="The bridge warns before it." />
        </div>
        <details>
          <summary>More</summary>
          <Field label="Default environment" value={environment} onText={setEnvironment} list="environments" hint="Its id, for closes of incidents whose webhooks name no environment." />
          <datalist id="environments">
            {(connection.environments ?? []).map(one => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </datalist>
          <Field label="Address instead of a region" type="url" value={address} onText={setAddress} hint="https only." />
        </details>
        {work.error ? <Failure error={work.error} /> : null}
        {stored && !work.error ? <Banner tone="success">BigPanda accepts the key. It can see {count(stored.environmentCount ?? 0, 'environment')}.</Banner> : null}
        <button class="primary" disabled={work.isBusy}>
          {work.isBusy ? 'Asking BigPanda…' : 'Check and store'}
        </button>
      </form>
    </Card>
  );
}
