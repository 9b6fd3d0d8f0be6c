import type { Connection, PagerDuty, SourceList } from '../../.generated/openapi';
import { get } from '../api/client';
import { follow, href, route } from '../app/route';
import { useStore } from '../store';
import { useLoaded } from '../ui/load';
import { Need } from '../ui/Need';
import { BigPandaStep } from './BigPandaStep';
import { MonitorPreviewCard } from './MonitorPreview';
import { PagePreviewCard } from './PagePreviewCard';
import { PagerDutyStep } from './PagerDutyStep';
import { ShadowReport } from './ShadowReport';
import { SourcesStep } from './SourcesStep';

const steps = ['bigpanda', 'sources', 'pagerduty', 'monitors'] as const;
type Step = (typeof steps)[number];

const everyMs = 20_000;

/** From the first key to the first webhook, and everything that can be set later. Opens at the first step that is not done. */
export function SetupPage() {
  const { query } = useStore(route);
  const connection = useLoaded(signal => get<Connection>('/connection', signal), [], everyMs);
  const sources = useLoaded(signal => get<SourceList>('/sources', signal), [], everyMs);
  const pagerDuty = useLoaded(signal => get<PagerDuty>('/pagerduty', signal), [], everyMs);
  const of = (kind: string) => (sources.value?.items ?? []).filter(source => source.kind === kind);
  const done: Record<Step, boolean> = {
    bigpanda: connection.value?.connected === true,
    sources: of('bigpanda').some(source => source.lastDeliveryAt !== null),
    pagerduty: pagerDuty.value?.connected === true,
    monitors: of('monitor').some(source => source.lastDeliveryAt !== null),
  };
  const [monitor, ...monitors] = of('monitor');
  const step = steps.find(name => name === query.get('step')) ?? (connection.value && !done.bigpanda ? 'bigpanda' : 'sources');

  return (
    <div class="setup">
      <h1 class="sr-only">Set-up</h1>
      <nav aria-label="Steps">
        <Item step="bigpanda" now={step} isDone={done.bigpanda} title="Connect BigPanda" note={connection.value?.connected ? `key …${connection.value.keySuffix ?? ''}` : 'its API key'} />
        <Item step="sources" now={step} isDone={done.sources} title="BigPanda’s webhook" note={noteOf(of('bigpanda').length, 'source')} />
        <Item step="pagerduty" now={step} isDone={done.pagerduty} title="PagerDuty" note={pagerDuty.value ? `optional; the mode is ${pagerDuty.value.mode}` : 'optional'} />
        <Item step="monitors" now={step} isDone={done.monitors} title="Monitors" note={of('monitor').length > 0 ? noteOf(of('monitor').length, 'monitor') : 'optional'} />
      </nav>
      <div class="step">
        <Need role="Admin">
          {step === 'bigpanda' ? <BigPandaStep connection={connection} /> : null}
          {step === 'sources' ? <SourcesStep key="bigpanda" kind="bigpanda" sources={sources} /> : null}
          {step === 'monitors' ? <SourcesStep key="monitor" kind="monitor" sources={sources} /> : null}
          {step === 'pagerduty' ? <PagerDutyStep pagerDuty={pagerDuty} /> : null}
        </Need>
        {step === 'monitors' && monitor ? <MonitorPreviewCard monitors={[monitor, ...monitors]} /> : null}
        {step === 'pagerduty' && pagerDuty.value?.connected ? (
          <>
            <PagePreviewCard />
            <ShadowReport />
          </>
        ) : null}
      </div>
    </div>
  );
}

function Item({ step, now, isDone, title, note }: { step: Step; now: Step; isDone: boolean; title: string; note: string }) {
  return (
    <a href={href('setup', { step })} onClick={follow} aria-current={step === now ? 'step' : undefined}>
      <i class={isDone ? 'done' : ''} aria-hidden="true">
        {isDone ? '✓' : ''}
      </i>
      <span>
        <b>{title}</b>
        <small>
          {isDone ? <span class="sr-only">done, </span> : null}
          {note}
        </small>
      </span>
    </a>
  );
}

function noteOf(number: number, noun: string): string {
  return number === 0 ? `no ${noun} yet` : `${number} ${noun}${number === 1 ? '' : 's'}`;
}
