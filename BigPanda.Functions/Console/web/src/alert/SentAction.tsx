import { useEffect, useState } from 'preact/hooks';
import type { ExplainedAction } from '../../.generated/openapi';
import { change, id as inPath } from '../api/client';
import { session } from '../app/session';
import { useWork } from '../ui/load';
import { RoleButton } from '../ui/Need';
import { Badge, Failure, Text, type Tone } from '../ui/parts';

interface Props {
  incident: string;
  action: ExplainedAction;
  onRetried: () => void;
}

/** What was sent to another system, with what came back. One that has failed can be tried again; the bridge asks again whether it is still wanted. */
export function SentAction({ incident, action, onRetried }: Props) {
  const [isRetried, setRetried] = useState(false);
  const work = useWork();
  // A further report: the one after a request, and later the next result.
  useEffect(() => setRetried(false), [action.attempts.length]);
  const retry = () =>
    work.run(async () => {
      await change('POST', `/alerts/${inPath(incident)}/actions/${inPath(action.actionId)}/retry`, { actor: session.value.name });
      setRetried(true);
      onRetried();
    });
  return (
    <div class="sent">
      <p class="hint">
        <Badge tone={toneOf(action.state)}>{action.state}</Badge> <Text of={action.text} />{' '}
        {action.state === 'failed' ? (
          <RoleButton needs="Responder" class="small" disabled={work.isBusy || isRetried} onClick={retry} aria-label={`Try ${action.kind} ${action.actionId} again`}>
            {isRetried ? 'Sent again' : work.isBusy ? 'Sending…' : 'Try again'}
          </RoleButton>
        ) : null}
      </p>
      {work.error ? <Failure error={work.error} /> : null}
    </div>
  );
}

function toneOf(state: ExplainedAction['state']): Tone {
  if (state === 'failed' || state === 'parked' || state === 'held') return 'danger';
  return state === 'done' ? 'success' : 'brand';
}
