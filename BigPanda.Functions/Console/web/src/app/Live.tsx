import { useStore } from '../store';
import { feed, refresh } from '../alerts/feed';
import { ago, duration, useNow } from '../ui/time';

/** A list that silently stands still is worse than none: this says how old what is shown is. */
export function Live() {
  const { readAt, failedSince, paused } = useStore(feed);
  const now = useNow(1000);
  if (readAt === null && failedSince === null) return <span class="live" />;
  if (failedSince !== null)
    return (
      <button class="live failed" onClick={refresh} title="Try again now">
        Not updated{readAt === null ? '' : ` for ${duration(readAt, now)}`}
      </button>
    );
  return (
    <span class={`live ${paused ? 'paused' : ''}`} title={readAt === null ? '' : `Read ${ago(readAt, now)}`}>
      {paused ? 'Paused' : 'Live'}
    </span>
  );
}
