import { Dialog } from '../ui/Dialog';

const keys: Array<[string, string]> = [
  ['/', 'Search'],
  ['j  k', 'Next, previous alert'],
  ['Enter', 'Open the alert'],
  ['x', 'Select the alert'],
  ['r', 'Resolve the selected alerts, else this one'],
  ['c', 'Comment on them'],
  ['Ctrl Enter', 'Send what is typed in a dialog'],
  ['Esc', 'Clear the selection; leave the search; close'],
  ['?', 'This list'],
];

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl class="keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
      <p class="hint">
        While you point at the list, scroll it or move through it, rows keep their places and new alerts wait above it, until ten seconds after.
      </p>
      <div class="buttons">
        <button class="primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}
