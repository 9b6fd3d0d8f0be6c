import type { Connection, PagerDuty, Readiness, SourceList } from '../../.generated/openapi';
import { get, send } from '../api/client';
import { useLoaded } from '../ui/load';
import { Need } from '../ui/Need';
import { Attention } from './Attention';
import { AuditCard } from './AuditCard';
import { BrakeCard } from './BrakeCard';
import { DeadLetters } from './DeadLetters';
import { KeysCard } from './KeysCard';
import { QueuesCard } from './QueuesCard';
import { ReadinessCard } from './ReadinessCard';
import { ReconcilerCard } from './ReconcilerCard';
import { SourcesCard } from './SourcesCard';

const everyMs = 30_000;

/** 503 is an answer too: it names the dependency that is down. */
async function readReadiness(signal: AbortSignal): Promise<Readiness> {
  return (await send('/health/ready', { signal, accept: 503 })).json() as Promise<Readiness>;
}

/** What an operator checks, worst first: what waits for a person, then each part with what it says about itself. */
export function HealthPage() {
  const readiness = useLoaded(readReadiness, [], everyMs);
  const sources = useLoaded(signal => get<SourceList>('/sources', signal), [], everyMs);
  const connection = useLoaded(signal => get<Connection>('/connection', signal), [], everyMs);
  const pagerDuty = useLoaded(signal => get<PagerDuty>('/pagerduty', signal), [], everyMs);
  return (
    <div class="health">
      <h1 class="sr-only">Health</h1>
      <ReadinessCard readiness={readiness} />
      <Attention />
      <QueuesCard readiness={readiness} />
      <Need role="Responder" quiet>
        <BrakeCard />
      </Need>
      <Need role="Admin" quiet>
        <ReconcilerCard />
      </Need>
      <DeadLetters />
      <SourcesCard sources={sources} />
      <Need role="Admin" quiet>
        <KeysCard connection={connection} pagerDuty={pagerDuty} />
      </Need>
      <AuditCard />
    </div>
  );
}
