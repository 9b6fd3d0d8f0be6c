import type { Source } from '../../.generated/openapi';
import { get, id as inPath } from '../api/client';
import { follow, href } from '../app/route';
import { useLoaded } from '../ui/load';
import { Banner, Failure } from '../ui/parts';
import { count } from '../ui/text';
import { clock } from '../ui/time';

const everyMs = 3_000;

/** Waits for the source's first webhook and says what keeps it from coming. Turns green when it is there. */
export function FirstWebhook({ source }: { source: Source }) {
  const { value, error } = useLoaded(signal => get<Source>(`/sources/${inPath(source.id)}`, signal), [source.id], everyMs);
  const now = value ?? source;
  if (now.lastDeliveryAt)
    return (
      <Banner
        tone="success"
        action={
          now.kind === 'bigpanda' ? (
            <a class="button" href={href('alerts', { source: now.id, status: 'all' })} onClick={follow}>
              Show its alerts
            </a>
          ) : null
        }
      >
        <b>✓ The first webhook has arrived</b>, {clock(now.lastDeliveryAt)}. The set-up of this source is complete.
      </Banner>
    );
  if (error) return <Failure error={error} />;
  if (now.last24Hours.rejections > 0)
    return (
      <Banner tone="danger">
        {count(now.last24Hours.rejections, 'webhook')} refused:{' '}
        {now.tokens.some(token => token.lastUsedAt !== null)
          ? 'the token is right, and the body is none that this source takes. The response to the sender says why.'
          : 'they reach the bridge, and the header is wrong. Compare its name and value with those above.'}{' '}
        Still waiting.
      </Banner>
    );
  return (
    <Banner tone="brand">
      <span class="waits" aria-hidden="true" /> Waiting for the first webhook…{' '}
      {now.kind === 'bigpanda' ? 'Create an incident in BigPanda, or share one with the integration by hand.' : 'Send a test alert from the monitoring system.'}
    </Banner>
  );
}
