import { useState } from 'preact/hooks';
import type { CreatedSource, NewSource, Source } from '../../.generated/openapi';
import { change } from '../api/client';
import { Check, Choice, Field, numberOf, textOf } from '../ui/fields';
import { useWork } from '../ui/load';
import { Card, Failure } from '../ui/parts';
import { noOptions, type Options } from './sourceChange';

type Format = 'bigpanda' | 'azureMonitor' | 'alertmanager' | 'grafana';

const formats: ReadonlyArray<readonly [Format, string]> = [
  ['bigpanda', 'BigPanda’s Alerts API (and its wrappers)'],
  ['azureMonitor', 'Azure Monitor'],
  ['alertmanager', 'Prometheus Alertmanager'],
  ['grafana', 'Grafana'],
];

interface Props {
  kind: Source['kind'];
  what: string;
  onCreated: (created: CreatedSource) => void;
  onCancel?: () => void;
}

export function NewSourceForm({ kind, what, onCreated, onCancel }: Props) {
  const [name, setName] = useState('');
  const [format, setFormat] = useState<Format>('azureMonitor');
  const [header, setHeader] = useState('');
  const [options, setOptions] = useState<Options>(noOptions);
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    work.run(async () => {
      const body: NewSource = {
        name: name.trim(),
        kind,
        authHeader: textOf(header),
        silentAfterHours: numberOf(options.silentAfterHours),
        ...(kind === 'bigpanda'
          ? { titleTemplate: textOf(options.titleTemplate), appKey: textOf(options.appKey), oneTime: options.oneTime }
          : { format, flatten: options.flatten, okAfterHours: numberOf(options.okAfterHours) }),
      };
      onCreated(await change<CreatedSource>('POST', '/sources', body));
    });
  };
  return (
    <Card title="New source">
      <form onSubmit={submit}>
        <Field label="Name" required maxLength={100} value={name} onText={setName} placeholder={kind === 'bigpanda' ? 'BigPanda production' : 'Azure Monitor, production'} hint={`Of the ${what}, for people.`} />
        {kind === 'monitor' ? <Choice label="Format" value={format} choices={formats} onChoice={setFormat} hint="How its body is read. It cannot be changed later." /> : null}
        <details>
          <summary>More</summary>
          <Field label="Header for the token" maxLength={64} value={header} onText={setHeader} placeholder="Authorization" hint="Another one, such as X-Bridge-Token, where a proxy uses Authorization. It cannot be changed later." />
          <OptionFields kind={kind} options={options} change={part => setOptions({ ...options, ...part })} />
        </details>
        {work.error ? <Failure error={work.error} /> : null}
        <div class="buttons">
          <button class="primary" disabled={work.isBusy}>
            {work.isBusy ? 'Creating…' : 'Create'}
          </button>
          {onCancel ? (
            <button type="button" onClick={onCancel}>
              Cancel
            </button>
          ) : null}
        </div>
      </form>
    </Card>
  );
}

interface OptionProps {
  kind: Source['kind'];
  options: Options;
  change: (part: Partial<Options>) => void;
  storedKey?: string | null;
}

export function OptionFields({ kind, options, change: set, storedKey = null }: OptionProps) {
  return (
    <>
      <Field
        label="Silent after (hours)"
        type="number"
        min={1}
        max={720}
        value={options.silentAfterHours}
        onText={silentAfterHours => set({ silentAfterHours })}
        placeholder="24, or the setting’s"
        hint="Without a delivery for so long the source is reported as silent."
      />
      {kind === 'bigpanda' ? (
        <>
          <Field
            label="Title template"
            maxLength={300}
            value={options.titleTemplate}
            onText={titleTemplate => set({ titleTemplate })}
            placeholder="[{severity}] {primary}: {secondary}"
            hint="{primary} {secondary} {description} {environment} {severity} {status} {incidentId} {tag:NAME}"
          />
          <Field
            label="App key"
            maxLength={200}
            value={options.appKey}
            onText={appKey => set({ appKey })}
            placeholder={storedKey ? `stored: ${storedKey}` : ''}
            hint="Only with BigPanda’s callback service."
          />
          {storedKey ? (
            <Check label="Remove the stored app key" checked={options.removesAppKey} onCheck={removesAppKey => set({ removesAppKey })} hint="The callback service is no longer used." />
          ) : null}
          <Check label="Shared once" checked={options.oneTime} onCheck={oneTime => set({ oneTime })} hint="BigPanda’s option forceOneTime is on: it sends the first share only, and no close." />
        </>
      ) : (
        <>
          <Field
            label="Ok after (hours)"
            type="number"
            min={0}
            max={720}
            value={options.okAfterHours}
            onText={okAfterHours => set({ okAfterHours })}
            placeholder="24"
            hint="When an alert of a kind that never resolves gets its ok. 0: never."
          />
          <Check label="Flatten nested objects" checked={options.flatten} onCheck={flatten => set({ flatten })} hint="They become tags with dotted names instead of a refused alert." />
        </>
      )}
    </>
  );
}
