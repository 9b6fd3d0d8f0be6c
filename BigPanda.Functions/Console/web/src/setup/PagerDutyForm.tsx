import { useState } from 'preact/hooks';
import type { NewPagerDuty, PagerDuty } from '../../.generated/openapi';
import { change } from '../api/client';
import { session } from '../app/session';
import { Choice, Field, textOf } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure, Text } from '../ui/parts';

const regions = [
  ['us', 'US'],
  ['eu', 'EU'],
] as const;

const unsetRegions = [['', 'As the setting PagerDuty__Region says'], ...regions] as const;

function regionOf({ region }: PagerDuty): '' | 'us' | 'eu' {
  return regions.find(([name]) => name === region)?.[0] ?? '';
}

/** What is left empty, or as it was when the form was opened, stays as it is stored: another person may have changed it. */
export function PagerDutyForm({ pagerDuty, onStored }: { pagerDuty: PagerDuty; onStored: () => void }) {
  const [opened, setOpened] = useState(pagerDuty);
  const [routingKey, setRoutingKey] = useState('');
  const [restKey, setRestKey] = useState('');
  const [from, setFrom] = useState(pagerDuty.from ?? '');
  const [region, setRegion] = useState(regionOf(pagerDuty));
  const [name, setName] = useState('');
  const [namedKey, setNamedKey] = useState('');
  const [isStored, setStored] = useState(false);
  const work = useWork();
  const store = (body: NewPagerDuty) =>
    work.run(async () => {
      const now = await change<PagerDuty>('PUT', '/pagerduty', { ...body, actor: session.value.name });
      setOpened(now);
      // What a person has typed and not stored stays.
      setFrom(shown => (textOf(shown) === opened.from ? (now.from ?? '') : shown));
      setRegion(shown => (shown === regionOf(opened) ? regionOf(now) : shown));
      [setRoutingKey, setRestKey, setName, setNamedKey].forEach(set => set(''));
      setStored(true);
      onStored();
    });
  const submit = (event: Event) => {
    event.preventDefault();
    store({
      ...(textOf(routingKey) ? { routingKey: routingKey.trim() } : {}),
      ...(textOf(restKey) ? { restKey: restKey.trim() } : {}),
      ...(textOf(from) === opened.from ? {} : { from: textOf(from) }),
      ...(region && region !== opened.region ? { region } : {}),
      // One without the other is refused, and said.
      ...(textOf(name) || textOf(namedKey) ? { routingKeys: { [name.trim()]: namedKey.trim() } } : {}),
    });
  };
  return (
    <Card title={pagerDuty.connected ? 'Change the keys' : 'Store the keys'}>
      <ol class="guide">
        <li>
          In PagerDuty, on the service: <b>Integrations → Add an integration → Events API V2</b>. Its Integration Key is the routing key.
        </li>
        <li>
          <b>Integrations → Developer Tools → API Access Keys</b>: a REST key that is not read-only. With it pages are verified and notes written.
        </li>
      </ol>
      <form onSubmit={submit} onInput={() => setStored(false)}>
        <Field label="Routing key" type="password" required={!pagerDuty.connected} value={routingKey} onText={setRoutingKey} placeholder={pagerDuty.connected ? 'stays as it is stored' : ''} hint="32 letters and digits. PagerDuty has no call that checks it: send a test page afterwards." />
        <div class="two">
          <Field label="REST key" type="password" value={restKey} onText={setRestKey} placeholder={pagerDuty.restKey ? 'stays as it is stored' : 'optional'} />
          <Field label="PagerDuty user for notes" type="email" value={from} onText={setFrom} hint="The login address of the user as whom notes are written." />
        </div>
        <details>
          <summary>More</summary>
          <Choice label="Region" value={region} choices={pagerDuty.region ? regions : unsetRegions} onChoice={setRegion} />
          {pagerDuty.restKey ? (
            <button type="button" class="small" disabled={work.isBusy} onClick={() => store({ restKey: null })}>
              Delete the REST key
            </button>
          ) : null}
          <h3>Keys of other services</h3>
          <ul class="list">
            {pagerDuty.routingKeys.map(key =>
              key.name ? (
                <li key={key.keyId} class="inline">
                  <Text of={key.name} limit={60} /> <code>{key.keyId}</code>
                  <button type="button" class="small" disabled={work.isBusy} onClick={() => key.name && store({ routingKeys: { [key.name]: null } })}>
                    Delete
                  </button>
                </li>
              ) : null,
            )}
          </ul>
          <div class="two">
            <Field label="Name" value={name} onText={setName} hint="As tags and rules name it." />
            <Field label="Its routing key" type="password" value={namedKey} onText={setNamedKey} />
          </div>
        </details>
        {work.error ? <Failure error={work.error} /> : null}
        {isStored && !work.error ? <Banner tone="success">Stored.</Banner> : null}
        <button class="primary" disabled={work.isBusy}>
          {work.isBusy ? 'Asking PagerDuty…' : 'Check and store'}
        </button>
      </form>
    </Card>
  );
}
