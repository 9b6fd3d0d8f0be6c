import { follow, href } from '../app/route';
import { feed } from '../alerts/feed';
import { needsAttention } from '../alerts/filter';
import { useStore } from '../store';
import { Badge, Card, Text } from '../ui/parts';

const most = 8;

/** What is parked or failed, and what it waits for. */
export function Attention() {
  const { rows } = useStore(feed);
  const found = [...rows.values()].filter(needsAttention);
  return (
    <Card
      title="Parked and failed"
      actions={
        found.length > 0 ? (
          <a href={href('alerts', { status: 'attention' })} onClick={follow}>
            Show all {found.length}
          </a>
        ) : (
          <Badge tone="success">None</Badge>
        )
      }
    >
      {found.length === 0 ? <p class="hint">No close and no page waits for a person.</p> : null}
      <ul class="entries">
        {found.slice(0, most).map(row => (
          <li key={row.incidentId}>
            <p>
              <Badge tone="danger">{stateOf(row.bigPanda, row.pagerDuty)}</Badge>{' '}
              <a href={href('alert', { id: row.incidentId })} onClick={follow}>
                <Text of={row.title} limit={120} />
              </a>
            </p>
            {row.problem ? (
              <p class="error">
                <Text of={row.problem} />
              </p>
            ) : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function stateOf(bigPanda: string | undefined, pagerDuty: string | undefined): string {
  return bigPanda === 'parked' || bigPanda === 'failed' ? `BigPanda: close ${bigPanda}` : `PagerDuty: ${pagerDuty}`;
}
