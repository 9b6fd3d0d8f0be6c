import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { AlertRow } from '../../.generated/openapi';
import { follow, href, replace, route } from '../app/route';
import { useStore } from '../store';
import { Banner, Empty, Failure, Skeleton } from '../ui/parts';
import { count } from '../ui/text';
import { timeOfDay } from '../ui/time';
import { useMedia } from '../ui/media';
import { ActDialog, type Act } from './ActDialog';
import { feed, refresh } from './feed';
import { matcher, readFilter, writeFilter, type Filter } from './filter';
import { HelpDialog } from './HelpDialog';
import { arrange } from './order';
import { HeadRow, RowView } from './RowView';
import { SelectionBar } from './SelectionBar';
import { Toolbar } from './Toolbar';
import { useHold } from './useHold';
import { useKeys } from './useKeys';
import { useMarks } from './useMarks';
import { VirtualList } from './VirtualList';

export function AlertsPage() {
  const { rows, isCut, readAt, error, failedSince } = useStore(feed);
  const { query } = useStore(route);
  const filter = useMemo(() => readFilter(query), [query]);
  const matches = useMemo(() => matcher(filter), [filter]);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<string | null>(null);
  const [act, setAct] = useState<{ act: Act; rows: AlertRow[] } | null>(null);
  const [isHelpShown, showHelp] = useState(false);
  const hold = useHold();
  const search = useRef<HTMLInputElement>(null);
  const isNarrow = useMedia('(max-width: 720px)');
  const marks = useMarks(rows);

  // Held only against the feed: a changed filter always arranges the list again.
  const isHeld = hold.isHeld || act !== null || selected.size > 0;
  const shown = useRef<{ matches: unknown; ids: readonly string[] }>({ matches: null, ids: [] });
  const order = arrange(shown.current.ids, rows, matches, isHeld && shown.current.matches === matches);
  shown.current = { matches, ids: order.ids };

  useEffect(() => setSelected(new Set()), [matches]);
  const change = (part: Partial<Filter>) => replace('alerts', writeFilter({ ...filter, ...part }));
  const start = (wanted: Act, ids: Iterable<string>) => {
    const found = [...ids].map(id => rows.get(id)).filter(row => row !== undefined);
    if (found.length > 0) setAct({ act: wanted, rows: found });
  };
  const toggle = (id: string) =>
    setSelected(before => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  useKeys({ ids: order.ids, cursor, setCursor, touch: hold.touch, selected, toggle, clear: () => setSelected(new Set()), start, search, showHelp: () => showHelp(true) });

  if (readAt === null) return failedSince === null ? <Skeleton rows={12} /> : <Failure error={error} retry={refresh} />;
  return (
    <div class="alerts">
      <h1 class="sr-only">Alerts</h1>
      {failedSince === null ? null : (
        <Failure error={error} retry={refresh}>
          {` What is shown is as it was at ${timeOfDay(readAt)}.`}
        </Failure>
      )}
      {isCut ? <Banner tone="warning">More than 5,000 alerts are firing. The list shows 5,000 of them; counts are of those.</Banner> : null}
      <Toolbar rows={rows} filter={filter} change={change} search={search} showHelp={() => showHelp(true)} />
      {selected.size > 0 ? (
        <SelectionBar
          selected={selected.size}
          all={order.ids.length}
          selectAll={() => setSelected(new Set(order.ids))}
          clear={() => setSelected(new Set())}
          start={wanted => start(wanted, selected)}
        />
      ) : null}
      <p class="sr-only" role="status">
        {count(order.ids.length, 'alert')} shown{order.waiting > 0 ? `, ${order.waiting} new` : ''}
      </p>
      {order.waiting > 0 ? (
        <button class="waiting" onClick={() => (hold.release(), setSelected(new Set()))}>
          {count(order.waiting, 'new alert')} — show
        </button>
      ) : null}
      {order.ids.length === 0 ? (
        <Nothing filter={filter} total={rows.size} change={change} />
      ) : (
        <VirtualList
          ids={order.ids}
          rowHeight={isNarrow ? 68 : 40}
          head={<HeadRow />}
          headHeight={isNarrow ? 0 : 28}
          cursor={cursor}
          label="Alerts"
          hold={hold}
          render={(id, index) => {
            const row = rows.get(id);
            return row ? (
              <RowView
                row={row}
                index={index}
                mark={marks.get(id)}
                isCursor={id === cursor}
                isSelected={selected.has(id)}
                toggle={() => toggle(id)}
                start={wanted => start(wanted, [id])}
              />
            ) : null;
          }}
        />
      )}
      {act ? (
        <ActDialog
          {...act}
          onClose={isDone => {
            setAct(null);
            if (isDone) setSelected(new Set());
          }}
        />
      ) : null}
      {isHelpShown ? <HelpDialog onClose={() => showHelp(false)} /> : null}
    </div>
  );
}

function Nothing({ filter, total, change }: { filter: Filter; total: number; change: (part: Partial<Filter>) => void }) {
  const isFiltered = filter.text !== '' || filter.severity !== '' || filter.environment !== '' || filter.source !== '' || filter.acknowledged !== '';
  if (isFiltered)
    return (
      <Empty title="No alert matches">
        <button onClick={() => change({ text: '', severity: '', environment: '', source: '', acknowledged: '' })}>Clear the filters</button>
      </Empty>
    );
  if (total > 0 && filter.status === 'firing')
    return (
      <Empty title="Nothing fires">
        <p>No alert is firing and none waits for a person.</p>
        <button onClick={() => change({ status: 'resolved' })}>Show resolved alerts</button>
      </Empty>
    );
  return (
    <Empty title={total === 0 ? 'No alert yet' : 'None here'}>
      <p>An alert appears when BigPanda sends its first webhook for an incident.</p>
      <a class="button" href={href('setup')} onClick={follow}>
        Set it up
      </a>
    </Empty>
  );
}
