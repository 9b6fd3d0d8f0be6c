import { Need } from '../ui/Need';
import { count } from '../ui/text';
import type { Act } from './ActDialog';

interface Props {
  selected: number;
  all: number;
  selectAll: () => void;
  clear: () => void;
  start: (act: Act) => void;
}

export function SelectionBar({ selected, all, selectAll, clear, start }: Props) {
  return (
    <div class="selection" role="group" aria-label="Selected alerts">
      <b aria-live="polite">{count(selected, 'alert')} selected</b>
      {selected < all ? <button onClick={selectAll}>Select all {all.toLocaleString('en')} shown</button> : null}
      <Need role="Responder" quiet>
        <button class="primary" onClick={() => start('resolve')}>
          Resolve…
        </button>
        <button onClick={() => start('comment')}>Comment…</button>
      </Need>
      <button class="quiet" onClick={clear}>
        Clear
      </button>
    </div>
  );
}
