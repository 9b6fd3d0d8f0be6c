import { useState } from 'preact/hooks';
import type { PagePreview, PageReport, PageTestResult, PagerDuty } from '../../.generated/openapi';
import { change, get } from '../api/client';
import { session } from '../app/session';
import { Choice, Field } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure, Text } from '../ui/parts';

/** A test page, what would be sent for an alert, and what shadow mode would have done otherwise. */
export function PagerDutyTools({ pagerDuty }: { pagerDuty: PagerDuty }) {
  const [key, setKey] = useState('');
  const [result, setResult] = useState<PageTestResult | null>(null);
  const test = useWork();
  const names = pagerDuty.routingKeys.map(one => [one.name ?? '', one.name ?? 'the default key'] as const);
  return (
    <>
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
      <Preview />
      <Report />
    </>
  );
}

function Preview() {
  const [incident, setIncident] = useState('');
  const [preview, setPreview] = useState<PagePreview | null>(null);
  const work = useWork();
  return (
    <Card title="What would be sent for an alert">
      <form
        onSubmit={event => {
          event.preventDefault();
          work.run(async () => setPreview(await change<PagePreview>('POST', '/pagerduty/preview', { incidentId: incident.trim() })));
        }}
      >
        <Field label="Incident id" required value={incident} onText={setIncident} />
        <button disabled={work.isBusy}>Show</button>
      </form>
      {work.error ? <Failure error={work.error} /> : null}
      {preview ? <pre class="body">{JSON.stringify(preview, null, 2)}</pre> : null}
    </Card>
  );
}

function Report() {
  const [report, setReport] = useState<PageReport | null>(null);
  const work = useWork();
  return (
    <Card
      title="Shadow report"
      actions={
        <button class="small" disabled={work.isBusy} onClick={() => work.run(async () => setReport(await get<PageReport>('/pagerduty/report?days=7')))}>
          Compare seven days
        </button>
      }
    >
      <p class="hint">In shadow mode: where the bridge would have paged otherwise than another integration did.</p>
      {work.error ? <Failure error={work.error} /> : null}
      {report ? <pre class="body">{JSON.stringify(report, null, 2)}</pre> : null}
    </Card>
  );
}
