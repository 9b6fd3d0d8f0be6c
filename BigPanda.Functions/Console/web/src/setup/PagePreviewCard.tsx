import { useState } from 'preact/hooks';
import type { PagePreview } from '../../.generated/openapi';
import { change } from '../api/client';
import { Field } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure, Text, Time } from '../ui/parts';
import { capital } from '../ui/text';

/** What the bridge would send to PagerDuty for an alert now, and why. It sends nothing. */
export function PagePreviewCard() {
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
      {preview ? <Shown preview={preview} /> : null}
    </Card>
  );
}

function Shown({ preview }: { preview: PagePreview }) {
  const { actions, reasons, route, delays, cut, ignored } = preview;
  return (
    <div class="preview" aria-live="polite">
      <Banner tone={actions.length > 0 ? 'brand' : 'plain'}>{actions.length > 0 ? <Lines of={actions} /> : 'Nothing would be sent now.'}</Banner>
      <Lines of={reasons} />
      <dl class="pairs">
        <div>
          <dt>Mode</dt>
          <dd>
            {preview.mode}
            {preview.connected ? '' : ', not connected'}
          </dd>
        </div>
        <div>
          <dt>Routing key</dt>
          <dd>
            {route.keyId ? <code>{route.keyId}</code> : 'none'} <Text of={`through ${route.through}`} limit={200} />
            {route.error ? (
              <p class="error">
                <Text of={route.error} />
              </p>
            ) : null}
          </dd>
        </div>
        <div>
          <dt>Delays</dt>
          <dd>
            {delays.fireDelaySeconds} s until it is opened, {delays.resolveDelaySeconds} s until it is resolved, {delays.updateIntervalSeconds} s between updates
          </dd>
        </div>
        {preview.dueAt ? (
          <div>
            <dt>Next step</dt>
            <dd>
              <Time at={preview.dueAt} />, also without an event
            </dd>
          </div>
        ) : null}
      </dl>
      <Titled title="Cut or left out" lines={cut} />
      <Titled title="Asked for in vain by headers" lines={ignored} />
      <details>
        <summary>The event, {preview.eventBytes.toLocaleString('en')} bytes</summary>
        <pre class="body">{JSON.stringify(preview.event, null, 2)}</pre>
      </details>
    </div>
  );
}

function Titled({ title, lines }: { title: string; lines: string[] }) {
  if (lines.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <Lines of={lines} />
    </>
  );
}

function Lines({ of: lines }: { of: string[] }) {
  return (
    <ul class="lines">
      {lines.map(line => (
        <li key={line}>
          <Text of={capital(line)} />
        </li>
      ))}
    </ul>
  );
}
