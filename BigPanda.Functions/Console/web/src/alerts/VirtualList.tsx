import type { ComponentChildren } from 'preact';
import type { Hold } from './useHold';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';

const overscan = 8;

interface Props {
  ids: readonly string[];
  rowHeight: number;
  /** A row with the columns' names that stays in view, and its height; 0: none. */
  head: ComponentChildren;
  headHeight: number;
  cursor: string | null;
  label: string;
  render: (id: string, index: number) => ComponentChildren;
  hold: Hold;
}

/** Only the rows that are in view are in the document, whatever the length of the list. The window scrolls inside its frame. */
export function VirtualList({ ids, rowHeight, head, headHeight, cursor, label, render, hold }: Props) {
  const frame = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 800 });

  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    element.addEventListener('scroll', measure, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', measure);
    };
  }, []);

  const at = cursor === null ? -1 : ids.indexOf(cursor);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element || at < 0) return;
    const top = at * rowHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (headHeight + top + rowHeight > element.scrollTop + element.clientHeight) element.scrollTop = headHeight + top + rowHeight - element.clientHeight;
  }, [cursor]);

  const first = Math.max(0, Math.floor(view.top / rowHeight) - overscan);
  const last = Math.min(ids.length, Math.ceil((view.top + view.height) / rowHeight) + overscan);
  return (
    <div
      ref={frame}
      class="frame"
      role="grid"
      tabIndex={0}
      aria-label={label}
      aria-rowcount={ids.length + (headHeight > 0 ? 1 : 0)}
      aria-activedescendant={at >= first && at < last ? rowId(at) : undefined}
      onPointerMove={hold.touch}
      onPointerDown={hold.touch}
      onPointerLeave={event => event.pointerType === 'mouse' && hold.release()}
      onScroll={hold.touch}
    >
      {headHeight > 0 ? (
        <div role="rowgroup" class="head" style={{ height: `${headHeight}px` }}>
          {head}
        </div>
      ) : null}
      <div role="rowgroup" style={{ height: `${ids.length * rowHeight}px`, position: 'relative' }}>
        {ids.slice(first, last).map((id, i) => (
          <div key={id} class="slot" style={{ transform: `translateY(${(first + i) * rowHeight}px)`, height: `${rowHeight}px` }} role="presentation">
            {render(id, first + i)}
          </div>
        ))}
      </div>
    </div>
  );
}

export function rowId(index: number): string {
  return `row-${index}`;
}
