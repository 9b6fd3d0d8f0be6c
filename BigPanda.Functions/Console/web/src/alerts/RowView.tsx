import type { AlertRow } from '../../.generated/openapi';
import { follow, href } from '../app/route';
import { RoleButton } from '../ui/Need';
import { Badge, Text } from '../ui/parts';
import { capital, words } from '../ui/text';
import { clock, duration, ms, useNow } from '../ui/time';
import type { Act } from './ActDialog';
import { levelOf, needsAttention, severityOf } from './filter';
import type { Mark } from './order';
import { rowId } from './VirtualList';

/** The row with the names comes first. */
const firstIndex = 2;

export function HeadRow() {
  return (
    <div role="row" class="row names" aria-rowindex={1}>
      <span role="columnheader">
        <span class="sr-only">Selected</span>
      </span>
      <span role="columnheader">Severity</span>
      <span role="columnheader">Alert</span>
      <span role="columnheader">Environment</span>
      <span role="columnheader" class="people">
        Person
      </span>
      <span role="columnheader">BigPanda, PagerDuty</span>
      <span role="columnheader" class="for">
        For
      </span>
    </div>
  );
}

interface Props {
  row: AlertRow;
  index: number;
  mark: Mark | undefined;
  isCursor: boolean;
  isSelected: boolean;
  toggle: () => void;
  start: (act: Act) => void;
}

export function RowView({ row, index, mark, isCursor, isSelected, toggle, start }: Props) {
  const now = useNow(10_000);
  const isFiring = row.status === 'firing';
  const severity = severityOf(row);
  const classes = ['row', levelOf(severity), isFiring ? '' : 'over-now', needsAttention(row) ? 'attention' : '', mark ? `mark-${mark}` : '', isCursor ? 'cursor' : ''];
  return (
    <div id={rowId(index)} role="row" class={classes.join(' ')} aria-rowindex={index + firstIndex} aria-selected={isSelected}>
      <span role="gridcell" class="pick">
        <input type="checkbox" checked={isSelected} onChange={toggle} tabIndex={-1} aria-label={`Select ${row.title}`} />
      </span>
      <span role="gridcell" class="severity">
        <i aria-hidden="true" />
        <Text of={isFiring ? capital(severity === 'none' ? 'firing' : severity) : 'Resolved'} limit={14} />
      </span>
      <span role="gridcell" class="title">
        <a href={href('alert', { id: row.incidentId })} onClick={follow} tabIndex={-1}>
          <Text of={row.title} limit={300} />
        </a>
        {mark ? <span class={`mark ${mark}`}>{capital(mark)}</span> : null}
        {row.episode > 1 && isFiring ? <span class="again" title="How often it has fired">×{row.episode}</span> : null}
        {row.flapping ? <span class="again">flapping</span> : null}
        {row.snoozed ? <span class="again">snoozed</span> : null}
        <span class="hosts">
          <Text of={hostsOf(row)} limit={120} />
        </span>
      </span>
      <span role="gridcell" class="environment">
        <Text of={row.environment ?? ''} limit={40} />
      </span>
      <span role="gridcell" class="people">
        {row.acknowledged ? <Badge tone="success" title="A person has taken it on">{row.acknowledgedBy ? <Text of={row.acknowledgedBy} limit={24} /> : 'Acknowledged'}</Badge> : null}
        {!isFiring && row.resolvedBy ? <Text of={`by ${row.resolvedBy}`} limit={28} /> : null}
      </span>
      <span role="gridcell" class="sync">
        <Sync row={row} />
      </span>
      <span role="gridcell" class="for" title={`Fired ${clock(row.lastFiredAt)}${row.resolvedAt ? `, resolved ${clock(row.resolvedAt)}` : ''}`}>
        {duration(ms(row.lastFiredAt), row.resolvedAt && !isFiring ? ms(row.resolvedAt) : now)}
      </span>
      <span role="gridcell" class="acts">
        {isFiring || row.bigPanda === 'failed' ? (
          <RoleButton needs="Responder" class="small" tabIndex={-1} onClick={() => start('resolve')} title="Resolve  ( r )">
            Resolve
          </RoleButton>
        ) : null}
        <RoleButton needs="Responder" class="small" tabIndex={-1} onClick={() => start('comment')} title="Comment  ( c )">
          Comment
        </RoleButton>
      </span>
    </div>
  );
}

/** How far each system is: only what differs from "all is well" takes room. */
function Sync({ row }: { row: AlertRow }) {
  const problem = row.problem ?? '';
  return (
    <>
      {row.bigPanda === 'closing' ? <Badge tone="brand" title="BigPanda does not show the incident as closed yet">Closing</Badge> : null}
      {row.bigPanda === 'parked' || row.bigPanda === 'failed' ? (
        <Badge tone="danger" title={problem}>{`Close ${row.bigPanda}`}</Badge>
      ) : null}
      {row.pagerDuty === 'parked' || row.pagerDuty === 'failed' ? <Badge tone="danger" title={problem}>{`Page ${row.pagerDuty}`}</Badge> : null}
      {row.pagerDuty && row.pagerDuty !== 'parked' && row.pagerDuty !== 'failed' && (row.status === 'firing' || row.pagerDuty !== 'resolved') ? (
        <Badge>{row.pagerDuty === 'open' ? 'Paged' : row.pagerDuty === 'notPaged' ? 'Not paged' : `Page ${words(row.pagerDuty)}`}</Badge>
      ) : null}
    </>
  );
}

function hostsOf(row: AlertRow): string {
  const more = (row.alertCount ?? 0) - row.hosts.length;
  if (row.hosts.length === 0) return row.alertCount ? `${row.alertCount} alert${row.alertCount === 1 ? '' : 's'}` : '';
  return row.hosts.join(', ') + (row.hosts.length === 3 && more > 0 ? ', …' : '');
}
