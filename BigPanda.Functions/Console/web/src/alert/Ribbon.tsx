import type { Alert } from '../../.generated/openapi';
import { clock, duration, ms, useNow } from '../ui/time';

/** When the alert fired and when it did not, from the first time on. */
export function Ribbon({ alert }: { alert: Alert }) {
  const now = useNow(10_000);
  const [first] = alert.episodes;
  if (!first) return null;
  const start = ms(first.firedAt);
  const last = alert.episodes.at(-1);
  const end = alert.status === 'firing' || !last?.resolvedAt ? now : ms(last.resolvedAt);
  const whole = Math.max(end - start, 1_000);
  const at = (time: number) => `${Math.min(100, Math.max(0, ((time - start) / whole) * 100))}%`;
  return (
    <section class="ribbon" aria-label="Episodes">
      <div class="track" aria-hidden="true">
        {alert.episodes.map(episode => {
          const [from, to] = [ms(episode.firedAt), episode.resolvedAt ? ms(episode.resolvedAt) : end];
          return (
            <i
              key={episode.number}
              class={episode.resolvedAt ? '' : 'open'}
              style={{ left: at(from), width: `${Math.max(0.4, ((to - from) / whole) * 100)}%` }}
              title={`Episode ${episode.number}: ${clock(from)}, ${duration(from, to)}`}
            />
          );
        })}
      </div>
      <div class="ends">
        <span>{clock(start)}</span>
        <span>
          {alert.episodes.length === 1 ? '1 episode' : `${alert.episode} episodes`} · firing for {duration(0, firing(alert, now))} in all
        </span>
        <span>{alert.status === 'firing' ? 'now' : clock(end)}</span>
      </div>
      <ol class="sr-only">
        {alert.episodes.map(episode => (
          <li key={episode.number}>
            Episode {episode.number}: fired {clock(episode.firedAt)}
            {episode.resolvedAt ? `, resolved ${clock(episode.resolvedAt)} by ${episode.resolvedBy?.actor ?? episode.resolvedBy?.via ?? 'unknown'}` : ', firing now'}
          </li>
        ))}
      </ol>
    </section>
  );
}

function firing(alert: Alert, now: number): number {
  return alert.episodes.reduce((sum, { firedAt, resolvedAt }) => sum + Math.max(0, (resolvedAt ? ms(resolvedAt) : now) - ms(firedAt)), 0);
}
