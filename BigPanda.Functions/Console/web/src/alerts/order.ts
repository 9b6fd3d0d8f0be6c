import type { AlertRow } from '../../.generated/openapi';
import { needsAttention, rankOf, severityOf } from './filter';

/** How a row differs from what was shown before. */
export type Mark = 'new' | 'changed' | 'resolved';

/** What waits for a person first, then what fires; the worst first, then the last fired. */
export function compare(a: AlertRow, b: AlertRow): number {
  return (
    Number(needsAttention(b)) - Number(needsAttention(a)) ||
    Number(a.status !== 'firing') - Number(b.status !== 'firing') ||
    rankOf(severityOf(a)) - rankOf(severityOf(b)) ||
    b.lastFiredAt.localeCompare(a.lastFiredAt) ||
    a.incidentId.localeCompare(b.incidentId)
  );
}

export interface Order {
  ids: readonly string[];
  /** Rows that belong into the list and wait, because the list is held. */
  waiting: number;
}

/**
 * The ids to show, in order. While a person points at the list it is held: every row keeps its place, also one that no longer matches, and new ones
 * wait. So the row below the pointer is never another one than a moment ago.
 */
export function arrange(before: readonly string[], rows: ReadonlyMap<string, AlertRow>, matches: (row: AlertRow) => boolean, isHeld: boolean): Order {
  if (!isHeld) return { ids: sorted(rows, matches), waiting: 0 };
  const kept = before.filter(id => rows.has(id));
  const known = new Set(kept);
  let waiting = 0;
  for (const [id, row] of rows) if (!known.has(id) && matches(row)) waiting++;
  return { ids: kept, waiting };
}

function sorted(rows: ReadonlyMap<string, AlertRow>, matches: (row: AlertRow) => boolean): string[] {
  const found: AlertRow[] = [];
  for (const row of rows.values()) if (matches(row)) found.push(row);
  return found.sort(compare).map(row => row.incidentId);
}

/** The rows before the first read: an empty list is something else. */
export const unread: ReadonlyMap<string, AlertRow> = new Map();

/** What is marked for a while after a read. The first read marks nothing. */
export function marksOf(before: ReadonlyMap<string, AlertRow>, after: ReadonlyMap<string, AlertRow>): Map<string, Mark> {
  const marks = new Map<string, Mark>();
  if (before === unread) return marks;
  for (const [id, row] of after) {
    const old = before.get(id);
    if (old === undefined || (old.status === 'resolved' && row.status === 'firing')) {
      if (row.status === 'firing') marks.set(id, 'new');
    } else if (old.status === 'firing' && row.status === 'resolved') marks.set(id, 'resolved');
    else if (old.updatedAt !== row.updatedAt && shown(old) !== shown(row)) marks.set(id, 'changed');
  }
  return marks;
}

function shown({ updatedAt: _, ...row }: AlertRow): string {
  return JSON.stringify(row);
}
