import type { Source, SourceList } from '../../.generated/openapi';
import { follow, href } from '../app/route';
import type { Loaded } from '../ui/load';
import { Badge, Card, Failure, Skeleton, Text, Time } from '../ui/parts';
import { ms, useNow } from '../ui/time';

/** Who sends, when the last webhook came, and what was refused. */
export function SourcesCard({ sources: { value, error, isLoading, reload } }: { sources: Loaded<SourceList> }) {
  return (
    <Card
      title="Sources"
      id="sources"
      actions={
        <a href={href('setup', { step: 'sources' })} onClick={follow}>
          Change
        </a>
      }
    >
      {error ? <Failure error={error} retry={reload} /> : null}
      {isLoading && !value ? <Skeleton rows={3} /> : null}
      {value?.items.length === 0 ? <p class="hint">There is no source yet: nothing can send.</p> : null}
      {value && value.items.length > 0 ? (
        <div class="scroll" tabIndex={0} role="region" aria-label="Table of sources">
          <table>
            <thead>
              <tr>
                <th scope="col">Source</th>
                <th scope="col">Last delivery</th>
                <th scope="col" class="number">
                  Accepted, 24 h
                </th>
                <th scope="col" class="number">
                  Refused, 24 h
                </th>
                <th scope="col">Token last used</th>
              </tr>
            </thead>
            <tbody>
              {value.items.map(source => (
                <Row key={source.id} source={source} />
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
    </Card>
  );
}

function Row({ source }: { source: Source }) {
  const now = useNow(60_000);
  const isSilent = now - ms(source.lastDeliveryAt ?? source.createdAt) > source.silentAfterHours * 3_600_000;
  return (
    <tr>
      <th scope="row">
        <Text of={source.name} limit={80} /> <small>{source.format ?? source.kind}</small>{' '}
        {isSilent ? <Badge tone="warning">{source.lastDeliveryAt ? 'Silent' : 'Nothing yet'}</Badge> : null}
        {source.notices?.map(notice => (
          <p class="hint" key={notice}>
            <Text of={notice} />
          </p>
        ))}
      </th>
      <td>
        <Time at={source.lastDeliveryAt} />
      </td>
      <td class="number">{source.last24Hours.deliveries.toLocaleString('en')}</td>
      <td class="number">{source.last24Hours.rejections > 0 ? <Badge tone="warning">{source.last24Hours.rejections.toLocaleString('en')}</Badge> : 0}</td>
      <td>
        {source.tokens.map(token => (
          <div key={token.id}>
            <code>{token.prefix}…</code> <Time at={token.lastUsedAt} />
          </div>
        ))}
      </td>
    </tr>
  );
}
