import type { RefObject } from 'preact';
import type { AlertRow } from '../../.generated/openapi';
import { capital, words } from '../ui/text';
import { countBy, levelOf, matcher, needsAttention, rankOf, severityOf, type Counted, type Filter } from './filter';
import { Signals } from './Signals';

interface Props {
  rows: ReadonlyMap<string, AlertRow>;
  filter: Filter;
  change: (part: Partial<Filter>) => void;
  search: RefObject<HTMLInputElement | null>;
  showHelp: () => void;
}

/** Counts that are filters, and the filters. Each count is of what its filter would show together with the others. */
export function Toolbar({ rows, filter, change, search, showHelp }: Props) {
  const all = [...rows.values()];
  const of = (without: keyof Filter) => all.filter(matcher(filter, without));
  const byStatus = of('status');
  const attention = byStatus.filter(needsAttention).length;
  const severities = countBy(of('severity'), row => [severityOf(row)]).sort((a, b) => rankOf(a.value) - rankOf(b.value));
  const status = (value: Filter['status'], label: string, count: number, tone = '') => (
    <button class={`chip ${tone}`} aria-pressed={filter.status === value} onClick={() => change({ status: value })}>
      {label} <b>{count.toLocaleString('en')}</b>
    </button>
  );
  return (
    <div class="toolbar">
      <div class="chips" role="group" aria-label="Status">
        {status('firing', 'Firing', byStatus.filter(row => row.status === 'firing').length)}
        {attention > 0 || filter.status === 'attention' ? status('attention', 'Needs attention', attention, 'danger') : null}
        {status('resolved', 'Resolved', byStatus.filter(row => row.status === 'resolved').length)}
        {status('all', 'All', byStatus.length)}
      </div>
      <div class="chips" role="group" aria-label="Severity">
        {severities.slice(0, 8).map(({ value, count }) => (
          <button
            key={value}
            class={`chip level ${levelOf(value)}`}
            aria-pressed={filter.severity === value}
            onClick={() => change({ severity: filter.severity === value ? '' : value })}
          >
            <i aria-hidden="true" />
            <bdi>{value === 'none' ? 'No severity' : capital(value)}</bdi> <b>{count.toLocaleString('en')}</b>
          </button>
        ))}
      </div>
      <div class="filters">
        <input
          ref={search}
          type="search"
          placeholder="Search  ( / )"
          aria-label="Search titles, ids, hosts, environments and people"
          value={filter.text}
          onInput={event => change({ text: event.currentTarget.value })}
        />
        <Choice label="Environment" value={filter.environment} values={countBy(of('environment'), row => (row.environment ? [row.environment] : []))} onChange={environment => change({ environment })} />
        <Choice label="Source" value={filter.source} values={countBy(of('source'), row => row.sources)} onChange={source => change({ source })} />
        <select
          aria-label="Acknowledged"
          value={filter.acknowledged}
          onChange={event => change({ acknowledged: event.currentTarget.value as Filter['acknowledged'] })}
        >
          <option value="">Acknowledged or not</option>
          <option value="no">Not acknowledged</option>
          <option value="yes">Acknowledged</option>
        </select>
        <Signals />
        <button class="icon keys-button" onClick={showHelp} aria-label="Keys" title="Keys  ( ? )">
          ?
        </button>
      </div>
    </div>
  );
}

function Choice({ label, value, values, onChange }: { label: string; value: string; values: Counted[]; onChange: (value: string) => void }) {
  // The chosen value stays in the list when nothing has it any more.
  const shown = value === '' || values.some(one => one.value === value) ? values : [{ value, count: 0 }, ...values];
  return (
    <select aria-label={label} value={value} onChange={event => onChange(event.currentTarget.value)}>
      <option value="">{`Any ${words(label).toLowerCase()}`}</option>
      {shown.map(one => (
        <option key={one.value} value={one.value}>
          {`${one.value} (${one.count})`}
        </option>
      ))}
    </select>
  );
}
