import type { CreatedSource } from '../../.generated/openapi';
import { Banner, Card, Value } from '../ui/parts';
import { FirstWebhook } from './FirstWebhook';
import { MonitorKeys } from './MonitorKeys';

/** What is shown only once, where to enter it, and whether it works. */
export function CreatedView({ created, onDone }: { created: CreatedSource; onDone: () => void }) {
  const { source, header, tokenUrl } = created;
  return (
    <Card title={`“${source.name}” is created`}>
      <Banner tone="warning">The token is shown only now. Copy it to where it belongs before you leave this page; here it is stored as a hash.</Banner>
      <h3>1. Copy these</h3>
      <p class="hint">Callback URL</p>
      <Value text={source.callbackUrl} label="the callback URL" />
      <p class="hint">Header name and value</p>
      <Value text={header.name} label="the header’s name" />
      <Value text={header.value} label="the header’s value" secret />
      {tokenUrl ? (
        <>
          <p class="hint">For a system that cannot set a header: the URL with the token. Proxies may log it, so prefer the header.</p>
          <Value text={tokenUrl} label="the URL with the token" secret />
        </>
      ) : null}
      {source.kind === 'bigpanda' ? <InBigPanda /> : <InMonitor id={source.id} format={source.format} />}
      <h3>3. See it work</h3>
      <FirstWebhook source={source} />
      <div class="buttons">
        <button onClick={onDone}>I have copied them</button>
      </div>
    </Card>
  );
}

function InBigPanda() {
  return (
    <>
      <h3>2. In BigPanda</h3>
      <ol class="guide">
        <li>
          In the integrations add a <b>Notifications Webhook</b>. Name it and enter the callback URL.
        </li>
        <li>
          Add a <b>custom header</b> with the name and the value above.
        </li>
        <li>
          Ask BigPanda’s support to switch on <code>addEventTypes</code> and <code>sendComments</code> for it, and to leave <code>addMetadata</code> and{' '}
          <code>addIncidentTags</code> on.
        </li>
        <li>
          Create an <b>AutoShare rule</b>: the environment, this integration as target, and <b>no delay</b>. It shares only new incidents.
        </li>
      </ol>
    </>
  );
}

const places: Record<string, string> = {
  azureMonitor: 'In an action group add a webhook with the URL (the one with the token), and switch on the common alert schema.',
  alertmanager: 'In alertmanager.yml add a receiver with webhook_configs: the URL, and the header’s value under http_config.authorization.credentials (without “Bearer”).',
  grafana: 'Add a contact point of type Webhook: the URL, and Authorization Header with the scheme Bearer and the token as credentials.',
  bigpanda: 'Give the agent or script the URL in place of BigPanda’s Alerts API, and the header.',
};

function InMonitor({ id, format }: { id: string; format: string | null }) {
  return (
    <>
      <h3>2. In the monitoring system, and BigPanda’s keys for it</h3>
      <p>{places[format ?? 'bigpanda']}</p>
      <MonitorKeys id={id} />
    </>
  );
}
