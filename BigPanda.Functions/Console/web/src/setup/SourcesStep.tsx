import { useState } from 'preact/hooks';
import type { CreatedSource, Source, SourceList } from '../../.generated/openapi';
import type { Loaded } from '../ui/load';
import { Card, Failure, Skeleton } from '../ui/parts';
import { CreatedView } from './CreatedView';
import { SourceCard } from './SourceCard';
import { NewSourceForm } from './NewSourceForm';

/** The sources of one kind: those there are, and a new one, which leads on to its first webhook. */
export function SourcesStep({ kind, sources }: { kind: Source['kind']; sources: Loaded<SourceList> }) {
  const [created, setCreated] = useState<CreatedSource | null>(null);
  const found = (sources.value?.items ?? []).filter(source => source.kind === kind);
  const [isForm, showForm] = useState(false);
  const what = kind === 'bigpanda' ? 'Notifications Webhook' : 'monitoring system';

  return (
    <>
      <Card
        title={kind === 'bigpanda' ? 'BigPanda’s webhook' : 'Monitors'}
        actions={
          isForm || created || found.length === 0 ? null : (
            <button class="small primary" onClick={() => showForm(true)}>
              New source…
            </button>
          )
        }
      >
        <p>
          {kind === 'bigpanda'
            ? 'A source is one sender of webhooks: here, one Notifications Webhook in BigPanda. Its token opens only its route.'
            : 'Monitoring systems can send their alerts to BigPanda through the bridge, which keeps them through outages. Each is a source with its own token.'}
        </p>
        {sources.error ? <Failure error={sources.error} retry={sources.reload} /> : null}
        {sources.isLoading && !sources.value ? <Skeleton rows={3} /> : null}
      </Card>
      {created ? (
        <CreatedView
          created={created}
          onDone={() => {
            setCreated(null);
            sources.reload();
          }}
        />
      ) : null}
      {!created && (isForm || (sources.value && found.length === 0)) ? (
        <NewSourceForm
          kind={kind}
          what={what}
          onCreated={source => {
            setCreated(source);
            showForm(false);
            sources.reload();
          }}
          {...(found.length > 0 ? { onCancel: () => showForm(false) } : {})}
        />
      ) : null}
      {found
        .filter(source => source.id !== created?.source.id)
        .map(source => (
          <SourceCard key={source.id} source={source} reload={sources.reload} />
        ))}
    </>
  );
}
