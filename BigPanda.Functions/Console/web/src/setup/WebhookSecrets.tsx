import { useState } from 'preact/hooks';
import type { PagerDuty } from '../../.generated/openapi';
import { change } from '../api/client';
import { session } from '../app/session';
import { Field } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure, Time, Value } from '../ui/parts';

const events =
  'incident.triggered, incident.acknowledged, incident.unacknowledged, incident.resolved, incident.reopened, incident.annotated, incident.reassigned, incident.delegated, incident.escalated, incident.priority_updated';

/** PagerDuty's webhook: its secrets, of which two can be stored while one replaces the other, and whether it has arrived. */
export function WebhookSecrets({ pagerDuty, onStored }: { pagerDuty: PagerDuty; onStored: () => void }) {
  const [secret, setSecret] = useState('');
  const work = useWork();
  const stored = pagerDuty.webhookSecrets.filter(one => one.removedAt === null);
  const arrived = pagerDuty.subscriptions.some(one => one.seenAt !== null);
  const store = (webhookSecrets: string[]) =>
    work.run(async () => {
      await change<PagerDuty>('PUT', '/pagerduty', { webhookSecrets, actor: session.value.name });
      setSecret('');
      onStored();
    });
  return (
    <Card title="PagerDuty’s webhook">
      <ol class="guide">
        <li>
          <b>Integrations → Generic Webhooks (v3) → New Webhook</b>: the URL above; the scope is the service; the events are these:
        </li>
      </ol>
      <Value text={events} label="the events" />
      <ol class="guide" start={2}>
        <li>PagerDuty shows the secret once: store it here, then press “Send Test Event”.</li>
      </ol>
      <form
        onSubmit={event => {
          event.preventDefault();
          store([secret.trim(), ...stored.map(one => one.id)]);
        }}
      >
        <Field label="Secret" type="password" required value={secret} onText={setSecret} />
        {work.error ? <Failure error={work.error} /> : null}
        <button class="primary" disabled={work.isBusy}>
          Store the secret
        </button>
      </form>
      <ul class="list">
        {pagerDuty.webhookSecrets.map(one => (
          <li key={one.id} class="inline">
            <code>{one.id}</code>
            <span class="hint">
              {one.removedAt ? 'removed, counts for an hour more' : 'stored'} <Time at={one.removedAt ?? one.addedAt} />
            </span>
            {one.removedAt === null && stored.length > 1 ? (
              <button class="small" disabled={work.isBusy} onClick={() => store(stored.filter(other => other !== one).map(other => other.id))}>
                Remove
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {stored.length === 0 ? null : arrived ? (
        <Banner tone="success">
          <b>✓ PagerDuty’s webhook has arrived.</b>
        </Banner>
      ) : (
        <Banner tone="brand">
          <span class="waits" aria-hidden="true" /> Waiting for the first webhook of PagerDuty…
        </Banner>
      )}
    </Card>
  );
}
