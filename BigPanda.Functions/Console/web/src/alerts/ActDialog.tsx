import { useState } from 'preact/hooks';
import type { RequestAccepted } from '../../.generated/openapi';
import { ApiError, change, id } from '../api/client';
import { lackOf, session } from '../app/session';
import { useStore } from '../store';
import { Dialog } from '../ui/Dialog';
import { Need } from '../ui/Need';
import { Text } from '../ui/parts';
import { count } from '../ui/text';
import { refreshSoon } from './feed';

export type Act = 'resolve' | 'comment';

/** What is resolved or commented on: a row of the list, or a whole alert. */
export interface Target {
  incidentId: string;
  title: string;
  episode: number;
}

interface Done {
  accepted: number;
  unneeded: number;
  /** Fired again after the person saw them: to be read before they are resolved. */
  firedAgain: Target[];
  failed: Array<{ row: Target; reason: string }>;
}

const atOnce = 4;

/** Resolves or comments on alerts: says how many before it does, and of each what came of it. What changes while it is open has not been seen. */
export function ActDialog({ act, rows: shown, onClose }: { act: Act; rows: Target[]; onClose: (isDone: boolean) => void }) {
  const [rows] = useState(() => shown.map(({ incidentId, title, episode }) => ({ incidentId, title, episode })));
  const [comment, setComment] = useState('');
  const [progress, setProgress] = useState<number | null>(null);
  const [done, setDone] = useState<Done | null>(null);
  const lack = lackOf(useStore(session), 'Responder');
  const [first] = rows;
  const what = rows.length === 1 && first ? `“${first.title.slice(0, 80)}”` : count(rows.length, 'alert');

  const submit = async (event: Event) => {
    event.preventDefault();
    const result: Done = { accepted: 0, unneeded: 0, firedAgain: [], failed: [] };
    const waiting = [...(done ? done.failed.map(one => one.row) : rows)];
    setDone(null);
    setProgress(0);
    const work = async () => {
      for (let row = waiting.shift(); row; row = waiting.shift()) {
        await request(act, row, comment.trim(), result);
        setProgress(result.accepted + result.unneeded + result.firedAgain.length + result.failed.length);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    setProgress(null);
    refreshSoon();
    if (result.failed.length + result.firedAgain.length === 0) onClose(true);
    else setDone(result);
  };

  return (
    <Dialog title={act === 'resolve' ? `Resolve ${what}?` : `Comment on ${what}`} onClose={() => progress === null && onClose(false)}>
      <form
        onSubmit={submit}
        onKeyDown={event => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        <p>
          {act === 'resolve'
            ? `${rows.length === 1 ? 'The alert is' : 'The alerts are'} resolved here at once, and ${rows.length === 1 ? 'its incident is' : 'their incidents are'} closed in BigPanda. There is no way back: BigPanda cannot reopen ${rows.length === 1 ? 'it' : 'them'} for us.`
            : 'The comment is in the timeline and in BigPanda.'}
        </p>
        {rows.length > 1 ? <Titles rows={rows} /> : null}
        <Need role="Responder">
          <label>
            {act === 'resolve' ? 'Why (optional)' : 'Comment'}
            <textarea rows={3} maxLength={4000} required={act === 'comment'} value={comment} onInput={event => setComment(event.currentTarget.value)} autofocus />
          </label>
        </Need>
        <p class="hint">
          As <bdi>{session.value.name}</bdi>.
        </p>
        {done ? <Failed done={done} /> : null}
        {progress !== null ? (
          <p role="status">
            {progress} of {rows.length} …
          </p>
        ) : null}
        <div class="buttons">
          {done?.failed.length === 0 ? null : (
            <button class="primary" disabled={progress !== null || lack !== null} title={lack ?? undefined}>
              {done ? `Try ${count(done.failed.length, 'alert')} again` : act === 'resolve' ? `Resolve ${count(rows.length, 'alert')}` : 'Comment'}
            </button>
          )}
          <button type="button" disabled={progress !== null} onClick={() => onClose(done !== null)}>
            {done ? 'Close' : 'Cancel'}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

async function request(act: Act, row: Target, comment: string, result: Done): Promise<void> {
  const path = `/alerts/${id(row.incidentId)}/${act === 'resolve' ? 'resolve' : 'comments'}`;
  const seen = act === 'resolve' ? { episode: row.episode } : {};
  try {
    await change<RequestAccepted>('POST', path, { comment: comment || null, actor: session.value.name, ...seen });
    result.accepted++;
  } catch (error) {
    // Resolved by another person in the meantime: what was wanted is so.
    if (error instanceof ApiError && error.code === 'already-resolved') result.unneeded++;
    else if (error instanceof ApiError && error.code === 'fired-again') result.firedAgain.push(row);
    else result.failed.push({ row, reason: error instanceof Error ? error.message : String(error) });
  }
}

function Titles({ rows }: { rows: Target[] }) {
  return (
    <ul class="titles">
      {rows.slice(0, 5).map(row => (
        <li key={row.incidentId}>
          <Text of={row.title} limit={100} />
        </li>
      ))}
      {rows.length > 5 ? <li>and {rows.length - 5} more</li> : null}
    </ul>
  );
}

function Failed({ done }: { done: Done }) {
  return (
    <div class="banner danger" role="alert">
      <div>
        {done.accepted > 0 ? `${count(done.accepted, 'alert')} done. ` : ''}
        {done.failed.length > 0 ? (
          <p>
            {count(done.failed.length, 'alert')} failed: <Text of={done.failed[0]?.reason} limit={300} />
          </p>
        ) : null}
        {done.firedAgain.length > 0 ? (
          <>
            <p>Not resolved, because fired again while this was open. Read first what fires now:</p>
            <Titles rows={done.firedAgain} />
          </>
        ) : null}
      </div>
    </div>
  );
}
