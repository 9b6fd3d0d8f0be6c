import { useState } from 'preact/hooks';
import type { PageTestResult, PagerDuty } from '../../.generated/openapi';
import { change } from '../api/client';
import { session } from '../app/session';
import { Choice } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure, Text } from '../ui/parts';

/** Opens a page and resolves it. */
export function TestPage({ pagerDuty }: { pagerDuty: PagerDuty }) {
  const [key, setKey] = useState('');
  const [result, setResult] = useState<PageTestResult | null>(null);
  const test = useWork();
  const names = pagerDuty.routingKeys.map(one => [one.name ?? '', one.name ?? 'the default key'] as const);
  return (
    <Card title="Test page">
      <p>Opens a page and resolves it at once. It may notify the person on call for a moment.</p>
      <Choice label="Routing key" value={key} choices={names} onChoice={setKey} />
      <button
        disabled={test.isBusy}
        onClick={() => test.run(async () => setResult(await change<PageTestResult>('POST', '/pagerduty/test', { key: key || null, actor: session.value.name })))}
      >
        {test.isBusy ? 'Sending…' : 'Send a test page'}
      </button>
      {test.error ? <Failure error={test.error} /> : null}
      {result
        ? [result.triggered, result.resolved].map((step, i) => (
            <Banner key={i} tone={step.accepted ? 'success' : 'danger'}>
              {i === 0 ? 'Opening' : 'Resolving'}: <Text of={step.detail} />
            </Banner>
          ))
        : null}
    </Card>
  );
}
