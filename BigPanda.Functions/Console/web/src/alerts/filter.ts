import type { AlertRow } from '../../.generated/openapi';

/** What the address asks for. Empty: everything. */
export interface Filter {
  status: 'firing' | 'resolved' | 'attention' | 'all';
  severity: string;
  environment: string;
  source: string;
  acknowledged: '' | 'yes' | 'no';
  text: string;
}

const statuses = ['firing', 'resolved', 'attention', 'all'] as const;

export function readFilter(query: URLSearchParams): Filter {
  const acknowledged = query.get('acknowledged');
  return {
    status: statuses.find(status => status === query.get('status')) ?? 'firing',
    severity: query.get('severity') ?? '',
    environment: query.get('environment') ?? '',
    source: query.get('source') ?? '',
    acknowledged: acknowledged === 'yes' || acknowledged === 'no' ? acknowledged : '',
    text: query.get('text') ?? '',
  };
}

export function writeFilter(filter: Filter): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(filter)) {
    if (value !== '' && !(name === 'status' && value === 'firing')) query.set(name, value);
  }
  return query;
}

/** Something waits for a person. */
export function needsAttention(row: AlertRow): boolean {
  return row.bigPanda === 'parked' || row.bigPanda === 'failed' || row.pagerDuty === 'parked' || row.pagerDuty === 'failed';
}

export function severityOf(row: AlertRow): string {
  return row.severity?.toLowerCase() ?? 'none';
}

/** A test of rows, with the words prepared once: every word must be in the title, the id, a host or the environment. */
export function matcher(filter: Filter, without?: keyof Filter): (row: AlertRow) => boolean {
  const wanted: Filter = without === undefined ? filter : { ...filter, [without]: without === 'status' ? 'all' : '' };
  const wordsOf = wanted.text.toLowerCase().split(/\s+/).filter(Boolean);
  return row =>
    hasStatus(row, wanted.status) &&
    (wanted.severity === '' || severityOf(row) === wanted.severity) &&
    (wanted.environment === '' || row.environment === wanted.environment) &&
    (wanted.source === '' || row.sources.includes(wanted.source)) &&
    (wanted.acknowledged === '' || (row.acknowledged === true) === (wanted.acknowledged === 'yes')) &&
    (wordsOf.length === 0 || hasWords(row, wordsOf));
}

function hasStatus(row: AlertRow, status: Filter['status']): boolean {
  switch (status) {
    case 'all':
      return true;
    case 'attention':
      return needsAttention(row);
    // A failed close is shown with what fires: the alert is not over in BigPanda.
    case 'firing':
      return row.status === 'firing' || needsAttention(row);
    case 'resolved':
      return row.status === 'resolved';
  }
}

const texts = new WeakMap<AlertRow, string>();

function hasWords(row: AlertRow, words: string[]): boolean {
  let text = texts.get(row);
  if (text === undefined) {
    text = [row.title, row.incidentId, row.environment, row.assignee, row.acknowledgedBy, row.resolvedBy, ...row.hosts].join('\n').toLowerCase();
    texts.set(row, text);
  }
  return words.every(word => text.includes(word));
}

/** Worst first. Severities are the monitors' own words; those that are not known come behind the known ones. */
const ranks = new Map(
  Object.entries({
    critical: 0, fatal: 0, emergency: 0, page: 0, high: 1, error: 1, major: 1, warning: 2, medium: 2, minor: 2, low: 3, info: 3, unknown: 4, ok: 5,
  }),
);

export function rankOf(severity: string): number {
  return ranks.get(severity) ?? 3;
}

/** A fixed set of names for the style sheet. */
export function levelOf(severity: string): 'critical' | 'high' | 'warning' | 'low' {
  return (['critical', 'high', 'warning'] as const)[rankOf(severity)] ?? 'low';
}

export interface Counted {
  value: string;
  count: number;
}

/** The values of a column with their numbers, at most 50: more make no filter. */
export function countBy(rows: Iterable<AlertRow>, valuesOf: (row: AlertRow) => readonly string[]): Counted[] {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of valuesOf(row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
    .slice(0, 50);
}
