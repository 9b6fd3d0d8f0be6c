import type { Connection, PagerDuty, SourceList } from '../../.generated/openapi';
import { get } from '../api/client';
import { useLoaded } from '../ui/load';
import { Need } from '../ui/Need';
import { Attention } from './Attention';
import { AuditCard } from './AuditCard';
import { BrakeCard } from './BrakeCard';
import { DeadLetters } from './DeadLetters';
import { KeysCard } from './KeysCard';
import { ReadinessCard } from './ReadinessCard';
import { ReconcilerCard } from './ReconcilerCard';
import { SourcesCard } from './SourcesCard';

const everyMs = 30_000;

/** What an operator checks, worst first: what waits for a person, then each part with what it says about itself. */
export function HealthPage() {
  const sources = useLoaded(signal => get<SourceList>('/sources', signal), [], everyMs);
  const connection = useLoaded(signal => get<Connection>('/connection', signal), [], everyMs);
  const pagerDuty = useLoaded(signal => get<PagerDuty>('/pagerduty', signal), [], everyMs);
  return (
    <div class="health">
      <h1 class="sr-only">Health</h1>
      <ReadinessCard />
      <Attention />
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
