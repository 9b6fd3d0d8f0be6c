import { useState } from 'preact/hooks';
import type { PagerDuty } from '../../.generated/openapi';
import { ApiError, change } from '../api/client';
import { Confirm } from '../ui/Confirm';
import { Check } from '../ui/fields';
import type { Loaded } from '../ui/load';
import { Badge, Banner, Card, Failure, Skeleton, Text, Time, Value } from '../ui/parts';
import { PagerDutyForm } from './PagerDutyForm';
import { PolicyForm } from './PolicyForm';
import { TestPage } from './TestPage';
import { WebhookSecrets } from './WebhookSecrets';

export function PagerDutyStep({ pagerDuty: { value, error, isLoading, reload } }: { pagerDuty: Loaded<PagerDuty> }) {
  const [isAsked, ask] = useState(false);
  return (
    <>
      <Card
        title="Connection to PagerDuty"
        actions={
          <div class="inline">
            {value ? <Badge tone={value.mode === 'on' ? 'success' : 'warning'}>mode: {value.mode}</Badge> : null}
            {value?.connected ? (
              <button class="small" onClick={() => ask(true)}>
                Disconnect…
              </button>
            ) : null}
          </div>
        }
      >
        {error ? <Failure error={error} retry={reload} /> : null}
        {isLoading && !value ? <Skeleton rows={3} /> : null}
        {value?.mode === 'off' ? (
          <Banner tone="warning">
            The setting <code>PagerDuty__Mode</code> is <code>off</code>: PagerDuty is neither read nor called. Set it to <code>shadow</code> first: everything is
            decided and shown, and nothing is sent.
          </Banner>
        ) : null}
        {value?.mode === 'shadow' ? <Banner tone="brand">Shadow mode: timelines show what would be sent, and nothing is.</Banner> : null}
        {value?.connected ? <Connected pagerDuty={value} /> : value ? <p class="hint">Optional: an alert that fires opens a page, and what people do there comes back.</p> : null}
      </Card>
      {value ? <PagerDutyForm pagerDuty={value} onStored={reload} /> : null}
      {value?.connected ? (
        <>
          <WebhookSecrets pagerDuty={value} onStored={reload} />
          <PolicyForm pagerDuty={value} onStored={reload} />
          <TestPage pagerDuty={value} />
        </>
      ) : null}
      {isAsked ? <Disconnect onClose={() => ask(false)} reload={reload} /> : null}
    </>
  );
}

function Connected({ pagerDuty }: { pagerDuty: PagerDuty }) {
  return (
    <>
      <dl class="pairs">
        <div>
          <dt>Stored</dt>
          <dd>
            <Time at={pagerDuty.connectedAt} /> by <Text of={pagerDuty.connectedBy ?? 'unknown'} limit={80} />
          </dd>
        </div>
        <div>
          <dt>Routing keys</dt>
          <dd>
            {pagerDuty.routingKeys.map(key => (
              <div key={key.keyId}>
                {key.name ? <Text of={key.name} limit={60} /> : 'default'} <code>{key.keyId}</code>
              </div>
            ))}
          </dd>
        </div>
        <div>
          <dt>REST key</dt>
          <dd>
            {pagerDuty.restKey ? (
              <>
                <code>{pagerDuty.restKey.keyId}</code>, as <Text of={pagerDuty.from} limit={100} />, accepted <Time at={pagerDuty.checkedAt} />
              </>
            ) : (
              'none: pages are not verified, and no notes are written'
            )}
          </dd>
        </div>
      </dl>
      <p class="hint">The webhook’s URL, for PagerDuty</p>
      <Value text={`${location.origin}/api/webhooks/pagerduty`} label="the webhook’s URL" />
    </>
  );
}

function Disconnect({ onClose, reload }: { onClose: () => void; reload: () => void }) {
  const [resolves, setResolves] = useState(false);
  const [areOpen, setOpen] = useState(false);
  return (
    <Confirm
      title="Disconnect PagerDuty?"
      action="Disconnect"
      onClose={onClose}
      work={async () => {
        try {
          await change('DELETE', `/pagerduty${resolves ? '?resolveOpen=true' : ''}`);
        } catch (error) {
          if (error instanceof ApiError && error.code === 'pages-open') setOpen(true);
          throw error;
        }
        reload();
      }}
    >
      <p>The keys are deleted. No page is opened, updated or resolved any more.</p>
      {areOpen ? <Check label="Resolve the open pages first" checked={resolves} onCheck={setResolves} /> : null}
    </Confirm>
  );
}
