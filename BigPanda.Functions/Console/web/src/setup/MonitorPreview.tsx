import { useState } from 'preact/hooks';
import type { AlertNote, AlertPreview } from '../../.generated/openapi';
import { change, id as inPath } from '../api/client';
import { useWork } from '../ui/load';
import { Badge, Banner, Failure, Text } from '../ui/parts';
import { count } from '../ui/text';

/** What BigPanda would get of a body. It sends nothing. */
export function MonitorPreview({ id }: { id: string }) {
  const [body, setBody] = useState('');
  const [preview, setPreview] = useState<AlertPreview | null>(null);
  const [isInvalid, setInvalid] = useState(false);
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    const parsed = parse(body);
    setInvalid(parsed === undefined);
    if (parsed === undefined) return;
    work.run(async () => setPreview(await change<AlertPreview>('POST', `/monitors/${inPath(id)}/preview`, parsed)));
  };
  return (
    <form onSubmit={submit}>
      <label>
        A body as the monitoring system sends it
        <textarea rows={6} required spellcheck={false} value={body} onInput={event => setBody(event.currentTarget.value)} />
      </label>
      {isInvalid ? <Banner tone="danger">This is not JSON.</Banner> : null}
      {work.error ? <Failure error={work.error} /> : null}
      <button disabled={work.isBusy}>Show what BigPanda would get</button>
      {preview ? (
        <>
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
        </>
      ) : null}
    </form>
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

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
