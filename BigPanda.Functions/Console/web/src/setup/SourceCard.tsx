import { useState } from 'preact/hooks';
import type { CreatedToken, Source, SourceToken } from '../../.generated/openapi';
import { change, id as inPath } from '../api/client';
import { Confirm } from '../ui/Confirm';
import { Field } from '../ui/fields';
import { useWork } from '../ui/load';
import { Badge, Banner, Card, Failure, Time, Value } from '../ui/parts';
import { FirstWebhook } from './FirstWebhook';
import { MonitorKeys } from './MonitorKeys';
import { OptionFields } from './NewSourceForm';
import { changeOf, optionsOf } from './sourceChange';

export function SourceCard({ source, reload }: { source: Source; reload: () => void }) {
  const [isDeleted, askDelete] = useState(false);
  const path = `/sources/${inPath(source.id)}`;
  return (
    <Card
      title={source.name}
      actions={
        <div class="inline">
          <Badge>{source.format ?? source.kind}</Badge>
          {source.lastDeliveryAt ? <Badge tone="success">Receives</Badge> : <Badge tone="warning">Nothing yet</Badge>}
        </div>
      }
    >
      {source.lastDeliveryAt ? null : <FirstWebhook source={source} />}
      <p class="hint">Callback URL; the token goes in the header {source.authHeader}</p>
      <Value text={source.callbackUrl} label="the callback URL" />
      <Tokens source={source} path={path} reload={reload} />
      {source.kind === 'monitor' ? (
        <details>
          <summary>BigPanda’s keys for this monitor</summary>
          <MonitorKeys id={source.id} />
        </details>
      ) : null}
      <details>
        <summary>Change</summary>
        <ChangeForm source={source} path={path} reload={reload} />
        <h3>Delete</h3>
        <button class="danger" onClick={() => askDelete(true)}>
          Delete this source…
        </button>
      </details>
      {isDeleted ? (
        <Confirm
          title={`Delete “${source.name}”?`}
          action="Delete"
          onClose={() => askDelete(false)}
          work={async () => {
            await change('DELETE', path);
            reload();
          }}
        >
          <p>Its webhooks are refused within half a minute. BigPanda does not send a refused webhook again. Its alerts stay.</p>
        </Confirm>
      ) : null}
    </Card>
  );
}

function Tokens({ source, path, reload }: { source: Source; path: string; reload: () => void }) {
  const [created, setCreated] = useState<CreatedToken | null>(null);
  const [removed, setRemoved] = useState<SourceToken | null>(null);
  const work = useWork();
  const add = () =>
    work.run(async () => {
      setCreated(await change<CreatedToken>('POST', `${path}/tokens`));
      reload();
    });
  return (
    <>
      <p class="hint">Tokens. To replace one without losing a webhook: add a second, enter it at the sender, and delete the first when the second is used.</p>
      <ul class="list">
        {source.tokens.map(token => (
          <li key={token.id} class="inline">
            <code>{token.prefix}…</code>
            <span class="hint">
              since <Time at={token.createdAt} />, last used <Time at={token.lastUsedAt} />
            </span>
            {source.tokens.length > 1 ? (
              <button class="small" onClick={() => setRemoved(token)}>
                Delete…
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {created ? (
        <>
          <Banner tone="warning">Shown only now. Enter it at the sender as the header {created.header.name}.</Banner>
          <Value text={created.header.value} label="the header’s value" secret />
        </>
      ) : null}
      {work.error ? <Failure error={work.error} /> : null}
      {source.tokens.length < 2 ? (
        <button class="small" disabled={work.isBusy} onClick={add}>
          Add a token
        </button>
      ) : null}
      {removed ? (
        <Confirm
          title={`Delete the token ${removed.prefix}…?`}
          action="Delete"
          onClose={() => setRemoved(null)}
          work={async () => {
            await change('DELETE', `${path}/tokens/${inPath(removed.id)}`);
            if (created?.id === removed.id) setCreated(null);
            reload();
          }}
        >
          <p>
            Webhooks with it are refused within half a minute. It was last used <Time at={removed.lastUsedAt} />.
          </p>
        </Confirm>
      ) : null}
    </>
  );
}

function ChangeForm({ source, path, reload }: { source: Source; path: string; reload: () => void }) {
  // As the fields were filled: the list is read again while they are edited.
  const [read, setRead] = useState(source);
  const [name, setName] = useState(source.name);
  const [options, setOptions] = useState(() => optionsOf(source));
  const [isSaved, setSaved] = useState(false);
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    work.run(async () => {
      const saved = await change<Source>('PATCH', path, changeOf(read, name, options));
      setRead(saved);
      setName(saved.name);
      setOptions(optionsOf(saved));
      setSaved(true);
      reload();
    });
  };
  return (
    <form onSubmit={submit} onInput={() => setSaved(false)}>
      <Field label="Name" required maxLength={100} value={name} onText={setName} />
      <OptionFields kind={source.kind} options={options} change={part => setOptions({ ...options, ...part })} storedKey={read.appKey} />
      {work.error ? <Failure error={work.error} /> : null}
      {isSaved && !work.error ? <Banner tone="success">Saved. Every instance has it within half a minute.</Banner> : null}
      <button class="primary" disabled={work.isBusy}>
        Save
      </button>
    </form>
  );
}
