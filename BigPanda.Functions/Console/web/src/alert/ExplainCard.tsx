import { useState } from 'preact/hooks';
import type { ExplainedStep, Explanation } from '../../.generated/openapi';
import { get, id as inPath } from '../api/client';
import { useLoaded } from '../ui/load';
import { Badge, Banner, Card, Failure, Skeleton, Text } from '../ui/parts';
import { capital } from '../ui/text';
import { clock, ms } from '../ui/time';
import { openFailures } from './failures';
import { SentAction } from './SentAction';

const mostPages = 6;
const step = 25;
const mostFailures = 5;

/** The causal chain: of each message when it was received, queued and applied, what it led to, and what came back. */
export function ExplainCard({ id, version }: { id: string; version: number }) {
  const { value, error, isLoading, reload } = useLoaded(signal => read(id, signal), [id, version]);
  const [most, setMost] = useState(step);
  const failures = openFailures(value?.steps ?? []).slice(0, mostFailures);
  const readAgain = () => setTimeout(reload, 1_500);
  const steps = [...(value?.steps ?? [])].reverse();
  return (
    <Card title="Why">
      {error ? <Failure error={error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={5} /> : null}
      {value ? (
        <p>
          <Text of={value.summary} />
        </p>
      ) : null}
      {value?.openActions.map(action => (
        <Banner key={action.actionId} tone={action.state === 'pending' ? 'brand' : 'warning'}>
          <Text of={action.text} />
        </Banner>
      ))}
      {failures.map(action => (
        <SentAction key={action.actionId} incident={id} action={action} onRetried={readAgain} />
      ))}
      <ol class="timeline">
        {steps.slice(0, most).map(one => (
          <li key={one.row} class="line">
            <Step step={one} incident={id} onRetried={readAgain} />
          </li>
        ))}
      </ol>
      {steps.length > most ? <button onClick={() => setMost(most + step)}>Show {Math.min(step, steps.length - most)} earlier ones</button> : null}
    </Card>
  );
}

function Step({ step, incident, onRetried }: { step: ExplainedStep; incident: string; onRetried: () => void }) {
  const { transition } = step;
  return (
    <div class="explained">
      <p>
        <Text of={capital(step.text)} />{' '}
        {transition && transition.from !== transition.to ? (
          <Badge tone={transition.to === 'firing' ? 'danger' : 'success'}>
            {transition.from ?? 'new'} → {transition.to}
          </Badge>
        ) : null}
      </p>
      <ol class="path" aria-label="Path">
        <Stage name="Received" at={step.receivedAt} after={null} />
        <Stage name="Queued" at={step.queuedAt} after={step.receivedAt} />
        <Stage name="Applied" at={step.appliedAt} after={step.queuedAt ?? step.receivedAt} />
        {step.actions.flatMap(action =>
          action.attempts.map(attempt => (
            <Stage key={`${action.actionId} ${attempt.row}`} name={`${capital(action.kind)} ${attempt.result}`} at={attempt.actedAt} after={step.appliedAt} />
          )),
        )}
      </ol>
      {step.actions.map(action => (
        <SentAction key={action.actionId} incident={incident} action={action} onRetried={onRetried} />
      ))}
      {step.notKept ? (
        <p class="hint">
          <Text of={step.notKept} />
        </p>
      ) : null}
    </div>
  );
}

function Stage({ name, at, after }: { name: string; at: string | null; after: string | null }) {
  if (!at) return null;
  // The clocks of two instances may differ: a time that seems to be before the one it follows is shown as it is.
  const isLater = after !== null && ms(at) >= ms(after);
  return (
    <li title={clock(at)}>
      <b>{name}</b> <time dateTime={at}>{isLater ? `+${spanOf(ms(at) - ms(after))}` : clock(at)}</time>
    </li>
  );
}

function spanOf(time: number): string {
  return time < 1_000 ? `${time} ms` : `${(time / 1_000).toFixed(time < 10_000 ? 1 : 0)} s`;
}

async function read(id: string, signal: AbortSignal): Promise<Explanation> {
  const path = `/alerts/${inPath(id)}/explain`;
  const whole = await get<Explanation>(path, signal);
  let next = whole.continuation;
  for (let page = 1; next && page < mostPages; page++) {
    const more = await get<Explanation>(`${path}?continuation=${encodeURIComponent(next)}`, signal);
    whole.steps.push(...more.steps);
    next = more.continuation;
  }
  return whole;
}
