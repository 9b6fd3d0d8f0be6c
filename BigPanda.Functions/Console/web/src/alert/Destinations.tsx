import type { ComponentChildren } from 'preact';
import type { Alert } from '../../.generated/openapi';
import { follow, href } from '../app/route';
import { Badge, Card, SafeLink, Text, Time, type Tone } from '../ui/parts';
import { capital, count, words } from '../ui/text';
import { ago, clock, useNow } from '../ui/time';

/** How far BigPanda and PagerDuty are with what the alert needs of them. */
export function Destinations({ alert, explain }: { alert: Alert; explain: () => void }) {
  const { bigPanda, pagerDuty } = alert;
  return (
    <Card title="BigPanda and PagerDuty">
      <System
        name="BigPanda"
        label={bigPanda.state === 'inSync' ? 'in sync' : bigPanda.state === 'closing' ? 'closing' : `close ${bigPanda.state}`}
        tone={toneOf(bigPanda.state)}
        {...bigPanda}
      >
        {bigPanda.state === 'failed' ? (
          <Failed explain={explain} />
        ) : bigPanda.state === 'parked' ? (
          <p class="hint">
            It is sent when the key or setting is right: <a href={href('setup', { step: 'bigpanda' })} onClick={follow}>check the connection</a>.
          </p>
        ) : null}
      </System>
      {pagerDuty ? (
        <System name="PagerDuty" label={words(pagerDuty.state)} tone={toneOf(pagerDuty.state)} {...pagerDuty}>
          {pagerDuty.shadow ? <p class="hint">Planned in shadow mode: nothing was sent.</p> : null}
          {pagerDuty.held ? (
            <p>
              <Text of={capital(pagerDuty.held)} />
            </p>
          ) : null}
          {pagerDuty.url ? (
            <p>
              <SafeLink to={pagerDuty.url}>Open the page</SafeLink>
            </p>
          ) : null}
          {pagerDuty.state === 'failed' ? <Failed explain={explain} /> : null}
        </System>
      ) : (
        <p class="hint">PagerDuty has nothing to do with this alert.</p>
      )}
    </Card>
  );
}

function Failed({ explain }: { explain: () => void }) {
  return <button onClick={explain}>See what failed, and try it again</button>;
}

interface SystemProps {
  name: string;
  label: string;
  tone: Tone;
  attempts: number;
  lastError: string | null;
  updatedAt: string | null;
  nextAttemptAt?: string;
  children?: ComponentChildren;
}

function System({ name, label, tone, attempts, lastError, updatedAt, nextAttemptAt, children }: SystemProps) {
  const now = useNow(5_000);
  return (
    <div class="system">
      <p>
        <b>{name}</b> <Badge tone={tone}>{label}</Badge>
      </p>
      {attempts > 0 || updatedAt ? (
        <p class="hint">
          {attempts > 0 ? `${count(attempts, 'attempt')}` : ''}
          {attempts > 0 && updatedAt ? ', ' : ''}
          {updatedAt ? <Time at={updatedAt} /> : null}
          {nextAttemptAt ? <span title={clock(nextAttemptAt)}> · next {ago(nextAttemptAt, now)}</span> : null}
        </p>
      ) : null}
      {lastError ? (
        <p class="error">
          <Text of={lastError} />
        </p>
      ) : null}
      {children}
    </div>
  );
}

function toneOf(state: string): Tone {
  if (state === 'failed' || state === 'parked') return 'danger';
  if (state === 'closing' || state === 'opening' || state === 'resolving') return 'brand';
  return state === 'notPaged' ? 'warning' : 'success';
}
