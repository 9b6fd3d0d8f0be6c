import { useState } from 'preact/hooks';
import type { Brake, BrakeRelease, Brakes } from '../../.generated/openapi';
import { change, get } from '../api/client';
import { follow, href } from '../app/route';
import { session } from '../app/session';
import { Confirm } from '../ui/Confirm';
import { Field, textOf } from '../ui/fields';
import { useLoaded } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text, Time } from '../ui/parts';
import { capital } from '../ui/text';

const everyMs = 15_000;

/** What is held because too much was requested at once, by whom, and the one decision about it. */
export function BrakeCard() {
  const { value, error, isLoading, reload } = useLoaded(signal => get<Brakes>('/brake', signal), [], everyMs);
  const [asked, ask] = useState<{ brake: Brake; drop: boolean } | null>(null);
  const isHolding = value?.brakes.some(brake => brake.engaged || brake.held > 0) === true;
  return (
    <Card title="Brake" id="brake" actions={value ? <Badge tone={isHolding ? 'danger' : 'success'}>{isHolding ? 'Holding' : 'Off'}</Badge> : null}>
      {error ? <Failure error={error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={2} /> : null}
      {value?.brakes.map(brake => (
        <Kind key={brake.kind} brake={brake} minutes={value.minutes} ask={drop => ask({ brake, drop })} />
      ))}
      {asked ? <Decide {...asked} onClose={() => ask(null)} reload={reload} /> : null}
    </Card>
  );
}

function Kind({ brake, minutes, ask }: { brake: Brake; minutes: number; ask: (drop: boolean) => void }) {
  const { kind, held, counted, limit, causes, examples, lastRelease } = brake;
  return (
    <div class="entry-line">
      <p>
        <b>{capital(kind)}</b> {held > 0 ? <Badge tone="danger">{held.toLocaleString('en')} held</Badge> : null}{' '}
        <span class="hint">
          {limit === 0 ? 'never held' : `${counted.toLocaleString('en')} of ${limit.toLocaleString('en')} in ${minutes} minutes`}
          {brake.firstHeldAt ? (
            <>
              , held since <Time at={brake.firstHeldAt} />
            </>
          ) : null}
        </span>
      </p>
      {causes.length > 0 ? (
        <ul class="list">
          {causes.map(cause => (
            <li key={`${cause.via} ${cause.actor}`}>
              {cause.count.toLocaleString('en')} by <Text of={cause.actor ?? cause.via} limit={80} /> <small>({cause.via})</small>
            </li>
          ))}
        </ul>
      ) : null}
      {examples.length > 0 ? (
        <p class="hint">
          Such as{' '}
          {examples.slice(0, 5).map((id, i) => (
            <>
              {i > 0 ? ', ' : ''}
              <a href={href('alert', { id })} onClick={follow}>
                <Text of={id} limit={40} />
              </a>
            </>
          ))}
        </p>
      ) : null}
      {held > 0 ? (
        <div class="buttons">
          <button onClick={() => ask(false)}>Send them…</button>
          <button onClick={() => ask(true)}>Drop them…</button>
        </div>
      ) : null}
      {lastRelease ? (
        <p class="hint">
          Last {lastRelease.drop ? 'dropped' : 'sent'} <Time at={lastRelease.at} /> by <Text of={lastRelease.actor} limit={80} />
          {lastRelease.reason ? (
            <>
              : <Text of={lastRelease.reason} limit={200} />
            </>
          ) : null}
        </p>
      ) : null}
    </div>
  );
}

function Decide({ brake, drop, onClose, reload }: { brake: Brake; drop: boolean; onClose: () => void; reload: () => void }) {
  const [reason, setReason] = useState('');
  const body: BrakeRelease = { kind: brake.kind, engagement: brake.engagement, drop, actor: session.value.name, reason: textOf(reason) };
  return (
    <Confirm
      title={`${drop ? 'Drop' : 'Send'} ${brake.held.toLocaleString('en')} ${brake.kind}?`}
      action={drop ? 'Drop them' : 'Send them'}
      onClose={onClose}
      work={async () => {
        await change<Brake>('POST', '/brake/release', body);
        reload();
      }}
    >
      <p>
        {drop
          ? 'They are not sent. Their alerts say who decided that and why. Resolving an alert again closes its incident.'
          : 'Each is asked again whether it is still wanted, and sent within BigPanda’s and PagerDuty’s rates. There is no way back.'}{' '}
        The first decision counts.
      </p>
      <Field label="Why (optional)" maxLength={200} value={reason} onText={setReason} />
    </Confirm>
  );
}
