import type { RefObject } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { go, href } from '../app/route';
import type { Act } from './ActDialog';

interface Keys {
  ids: readonly string[];
  cursor: string | null;
  setCursor: (id: string | null) => void;
  touch: () => void;
  selected: ReadonlySet<string>;
  toggle: (id: string) => void;
  clear: () => void;
  start: (act: Act, ids: Iterable<string>) => void;
  search: RefObject<HTMLInputElement | null>;
  showHelp: () => void;
}

/** The list by keyboard. Keys count only where nothing is being typed and no dialog is open. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return;
      const target = event.target as HTMLElement;
      if (target instanceof HTMLInputElement && target.type !== 'checkbox') {
        if (event.key === 'Escape') target.blur();
        if (event.key === 'ArrowDown' && target === latest.current.search.current) (target.blur(), move(latest.current, 1), event.preventDefault());
        return;
      }
      if (target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement) return;
      if (press(event.key, target, latest.current)) event.preventDefault();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

/** @returns Whether the key means something here. */
function press(key: string, target: HTMLElement, keys: Keys): boolean {
  const { cursor, selected } = keys;
  const isControl = target.closest('a, button, summary, [type=checkbox]') !== null;
  switch (key) {
    case 'j':
    case 'ArrowDown':
      return move(keys, 1);
    case 'k':
    case 'ArrowUp':
      return move(keys, -1);
    case 'PageDown':
      return move(keys, 15);
    case 'PageUp':
      return move(keys, -15);
    case 'Home':
      return move(keys, -keys.ids.length);
    case 'End':
      return move(keys, keys.ids.length);
    case '/':
      keys.search.current?.focus();
      keys.search.current?.select();
      return true;
    case '?':
      keys.showHelp();
      return true;
    case 'Escape':
      if (selected.size > 0) keys.clear();
      else keys.setCursor(null);
      return true;
  }
  if (cursor === null && selected.size === 0) return false;
  switch (key) {
    case 'Enter':
      if (cursor === null || isControl) return false;
      go(href('alert', { id: cursor }));
      return true;
    case 'x':
      if (cursor !== null) keys.toggle(cursor);
      return true;
    case 'r':
    case 'c':
      keys.start(key === 'r' ? 'resolve' : 'comment', selected.size > 0 ? selected : cursor === null ? [] : [cursor]);
      return true;
    default:
      return false;
  }
}

function move({ ids, cursor, setCursor, touch }: Keys, by: number): boolean {
  if (ids.length === 0) return false;
  touch();
  const at = cursor === null ? -1 : ids.indexOf(cursor);
  // Without a cursor the first step down is the first row, the first step up the last.
  const from = at < 0 && by < 0 ? ids.length : at;
  const next = Math.min(ids.length - 1, Math.max(0, from + by));
  setCursor(ids[next] ?? null);
  document.querySelector<HTMLElement>('.frame')?.focus({ preventScroll: true });
  return true;
}
