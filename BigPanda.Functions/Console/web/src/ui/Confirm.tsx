import type { ComponentChildren } from 'preact';
import { Dialog } from './Dialog';
import { Failure } from './parts';
import { useWork } from './load';

interface Props {
  title: string;
  action: string;
  work: () => Promise<void>;
  onClose: () => void;
  children: ComponentChildren;
}

/** Asks before what cannot be taken back. Stays open with the reason when it fails. */
export function Confirm({ title, action, work, onClose, children }: Props) {
  const { run, isBusy, error } = useWork();
  return (
    <Dialog title={title} onClose={() => !isBusy && onClose()}>
      {children}
      {error ? <Failure error={error} /> : null}
      <div class="buttons">
        <button
          class="danger"
          disabled={isBusy}
          onClick={() =>
            run(async () => {
              await work();
              onClose();
            })
          }
        >
          {action}
        </button>
        <button disabled={isBusy} onClick={onClose} autofocus>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}
