import type { ComponentChildren } from 'preact';
import type { Connection, PagerDuty, SubscriptionList } from '../../.generated/openapi';
import { change } from '../api/client';
import { follow, href } from '../app/route';
import { useWork, type Loaded } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text, Time, type Tone } from '../ui/parts';
import { count } from '../ui/text';
import { ms } from '../ui/time';

/** The keys by which the bridge acts: how their last calls went, and when they end. */
export function KeysCard({ connection, pagerDuty }: { connection: Loaded<Connection>; pagerDuty: Loaded<PagerDuty> }) {
  const [bigPanda, pager] = [connection.value, pagerDuty.value];
  return (
    <Card
      title="Keys"
      id="keys"
      actions={
        <a href={href('setup')} onClick={follow}>
          Change
        </a>
      }
    >
      {connection.error ? <Failure error={connection.error} retry={connection.reload} /> : null}
      {pagerDuty.error ? <Failure error={pagerDuty.error} retry={pagerDuty.reload} /> : null}
      {!bigPanda && connection.isLoading ? <Skeleton rows={2} /> : null}
      {bigPanda?.connected ? (
        <Key name="BigPanda API key" id={`…${bigPanda.keySuffix ?? ''}`} {...bigPanda}>
          {bigPanda.daysLeft !== null ? <Badge tone={daysTone(bigPanda.daysLeft)}>{bigPanda.daysLeft < 0 ? 'Expired' : `${count(bigPanda.daysLeft, 'day')} left`}</Badge> : null}
        </Key>
      ) : bigPanda ? (
        <p class="error">BigPanda is not connected: closes and comments are parked.</p>
      ) : null}
      {pager?.routingKeys.map(key => (
        <Key {...key} key={key.keyId} name={`PagerDuty routing key${key.name ? ` “${key.name}”` : ''}`} id={key.keyId} />
      ))}
      {pager?.restKey ? <Key name="PagerDuty REST key" id={pager.restKey.keyId} {...pager.restKey} /> : null}
      {pager?.connected ? <Subscriptions pagerDuty={pager} reload={pagerDuty.reload} /> : null}
    </Card>
  );
}

interface KeyProps {
  name: string;
  id: string;
  lastSuccessAt: string | null;
  lastFailureAt: string | null;
  lastFailure: string | null;
  children?: ComponentChildren;
}

function Key({ name, id, lastSuccessAt, lastFailureAt, lastFailure, children }: KeyProps) {
  const isFailing = lastFailureAt !== null && (lastSuccessAt === null || ms(lastFailureAt) > ms(lastSuccessAt));
  return (
    <div class="entry-line">
      <p>
        <b>
          <Text of={name} limit={80} />
        </b>{' '}
        <code>{id}</code> {children}
      </p>
      <p class="hint">
        {lastSuccessAt ? (
          <>
            worked <Time at={lastSuccessAt} />
          </>
        ) : (
          'not used yet'
        )}
      </p>
      {isFailing ? (
        <p class="error">
          Failed <Time at={lastFailureAt} />: <Text of={lastFailure} />
        </p>
      ) : null}
    </div>
  );
}

function Subscriptions({ pagerDuty, reload }: { pagerDuty: PagerDuty; reload: () => void }) {
  const work = useWork();
  const isOff = pagerDuty.subscriptions.some(one => one.state === 'disabled');
  return (
    <>
      {pagerDuty.subscriptions.map(({ id, state, seenAt }) => (
        <div class="entry-line" key={id}>
          <p>
            <b>PagerDuty webhook</b> <code>{id}</code>{' '}
            <Badge tone={state === 'on' ? 'success' : state === 'unknown' ? 'plain' : 'danger'}>{state}</Badge>
          </p>
          <p class="hint">
            {seenAt ? (
              <>
                last webhook <Time at={seenAt} />
              </>
            ) : (
              'no webhook yet'
            )}
          </p>
        </div>
      ))}
      {work.error ? <Failure error={work.error} /> : null}
      {isOff ? (
        <button
          disabled={work.isBusy}
          onClick={() =>
            work.run(async () => {
              await change<SubscriptionList>('POST', '/pagerduty/subscription');
              reload();
            })
          }
        >
          Enable it in PagerDuty
        </button>
      ) : null}
    </>
  );
}

function daysTone(days: number): Tone {
  return days < 7 ? 'danger' : days < 30 ? 'warning' : 'success';
}
