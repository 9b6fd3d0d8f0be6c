import { useEffect, useRef, useState } from 'preact/hooks';
import type { AlertRow } from '../../.generated/openapi';
import { marksOf, type Mark } from './order';

const shownMs = 20_000;

/** What is new, changed or resolved since the reads before, each for twenty seconds. */
export function useMarks(rows: ReadonlyMap<string, AlertRow>): ReadonlyMap<string, Mark> {
  const before = useRef(rows);
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  useEffect(() => {
    const found = marksOf(before.current, rows);
    before.current = rows;
    if (found.size === 0) return;
    setMarks(known => new Map([...known, ...found]));
    // Not stopped by the next read: each mark has its own time.
    setTimeout(() => setMarks(known => new Map([...known].filter(([id, mark]) => found.get(id) !== mark))), shownMs);
  }, [rows]);
  return marks;
}
