import { useState } from 'preact/hooks';
import type { AlertNote, AlertPreview, Source } from '../../.generated/openapi';
import { change, id as inPath } from '../api/client';
import { Choice } from '../ui/fields';
import { useWork } from '../ui/load';
import { Badge, Card, Failure, Text } from '../ui/parts';
import { count } from '../ui/text';

/** What BigPanda would get of a body. It sends nothing, so it needs no role. */
export function MonitorPreviewCard({ monitors }: { monitors: [Source, ...Source[]] }) {
  const [chosen, choose] = useState('');
  const [body, setBody] = useState('');
  const [preview, setPreview] = useState<AlertPreview | null>(null);
  const work = useWork();
  const monitor = monitors.find(one => one.id === chosen) ?? monitors[0];
  const submit = (event: Event) => {
    event.preventDefault();
    // As it was typed: a parsed body loses repeated members and the digits of long numbers.
    work.run(async () => setPreview(await change<AlertPreview>('POST', `/monitors/${inPath(monitor.id)}/preview`, body)));
  };
  return (
    <Card title="What BigPanda would get of a body">
      <form onSubmit={submit}>
        <Choice label="Monitor" value={monitor.id} choices={monitors.map(one => [one.id, `${one.name} (${one.format ?? ''})`] as const)} onChoice={choose} />
        <label>
          A body as the monitoring system sends it
          <textarea rows={6} required spellcheck={false} value={body} onInput={event => setBody(event.currentTarget.value)} />
        </label>
        <button disabled={work.isBusy}>Show</button>
      </form>
      {work.error ? <Failure error={work.error} /> : null}
      {preview && !work.error ? <Shown preview={preview} /> : null}
    </Card>
  );
}

function Shown({ preview }: { preview: AlertPreview }) {
  return (
    <div aria-live="polite">
      <p>
        {count(preview.alerts.length, 'alert')}, {preview.refused.length} refused, {count(preview.warnings.length, 'warning')}
      </p>
      <Notes notes={preview.refused} tone="danger" />
      <Notes notes={preview.warnings} tone="warning" />
      {preview.alerts.map(alert => (
        <pre class="body" key={alert.index}>
          {JSON.stringify(alert.alert, null, 2)}
        </pre>
      ))}
    </div>
  );
}

function Notes({ notes, tone }: { notes: AlertNote[]; tone: 'danger' | 'warning' }) {
  return (
    <ul class="list">
      {notes.map((note, i) => (
        <li key={i}>
          <Badge tone={tone}>{tone === 'danger' ? 'refused' : 'changed'}</Badge> {note.index === undefined ? '' : `alert ${note.index}: `}
          <Text of={`${note.field} ${note.reason}`} limit={400} />
        </li>
      ))}
    </ul>
  );
}
