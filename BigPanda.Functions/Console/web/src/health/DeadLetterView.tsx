import type { DeadLetter } from '../../.generated/openapi';
import { follow, href } from '../app/route';
import { Badge, Text, Time } from '../ui/parts';
import { count } from '../ui/text';

export function DeadLetterView({ letter, isChosen, toggle }: { letter: DeadLetter; isChosen: boolean; toggle: () => void }) {
  return (
    <li class="letter">
      <input type="checkbox" checked={isChosen} onChange={toggle} aria-label={`Choose dead letter ${letter.id}`} />
      <div>
        <p>
          <Badge tone="danger">{letter.reason}</Badge> <b>{letter.kind ?? 'unreadable'}</b>{' '}
          {letter.incidentId ? (
            <a href={href('alert', { id: letter.incidentId })} onClick={follow}>
              <Text of={letter.incidentId} limit={60} />
            </a>
          ) : (
            <Text of={letter.sessionId} limit={60} />
          )}
        </p>
        <p class="error">
          <Text of={letter.problem ?? letter.error} />
        </p>
        <p class="hint">
          first <Time at={letter.firstAt} />
          {letter.lastAt ? (
            <>
              , given up <Time at={letter.lastAt} />
            </>
          ) : null}
          , {count(letter.attempts, 'attempt')}
          {letter.replays > 0 ? `, ${count(letter.replays, 'replay')}` : ''}
        </p>
        <details>
          <summary>Message and body ({letter.bodyBytes.toLocaleString('en')} bytes)</summary>
          <p class="hint">
            Message <code>{letter.messageId}</code>, first sent as <code>{letter.originalId}</code>
            {letter.sourceId ? <>, source <code>{letter.sourceId}</code></> : null}
          </p>
          <pre class="body">{letter.body === null ? 'The body is missing, or neither JSON nor text.' : <Text of={letter.body} limit={5000} />}</pre>
        </details>
      </div>
    </li>
  );
}
