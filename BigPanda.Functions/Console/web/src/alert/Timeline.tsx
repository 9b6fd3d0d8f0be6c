import { useState } from 'preact/hooks';
import type { TimelineEntry } from '../../.generated/openapi';
import { Badge, Card, Text, type Tone } from '../ui/parts';
import { capital, words } from '../ui/text';
import { clock, dayOf, timeOfDay } from '../ui/time';

type Choice = 'all' | 'changes' | 'sent' | 'people';

const choices: Array<[Choice, string]> = [
  ['all', 'All'],
  ['changes', 'What changed'],
  ['sent', 'Sent and answered'],
  ['people', 'People'],
];

const tones: Record<TimelineEntry['verdict'], Tone> = { applied: 'brand', noted: 'plain', echo: 'success', duplicate: 'plain', stale: 'warning' };

const meanings: Record<TimelineEntry['verdict'], string> = {
  applied: 'It changed the alert.',
  noted: 'Recorded; it changes no status.',
  echo: 'Our own action, as it came back.',
  duplicate: 'It was known already.',
  stale: 'Older than what is known: it changes nothing.',
};

const step = 100;

/** Newest first: at night the last lines are the ones that count. */
export function Timeline({ entries, isFiring }: { entries: TimelineEntry[]; isFiring: boolean }) {
  const [choice, setChoice] = useState<Choice>('all');
  const [most, setMost] = useState(step);
  const chosen = entries.filter(entry => isChosen(entry, choice)).reverse();
  const shown = chosen.slice(0, most);
  return (
    <Card
      title={`Timeline (${entries.length})`}
      actions={
        <div class="chips" role="group" aria-label="Entries">
          {choices.map(([name, label]) => (
            <button key={name} class="chip" aria-pressed={choice === name} onClick={() => setChoice(name)}>
              {label}
            </button>
          ))}
        </div>
      }
    >
      {shown.length === 0 ? <p class="hint">No entry of this kind{isFiring ? ' yet' : ''}.</p> : null}
      <ol class="timeline">
        {shown.map((entry, i) => (
          <Entry key={`${entry.at} ${chosen.length - i}`} entry={entry} day={dayChange(entry, shown[i - 1])} />
        ))}
      </ol>
      {chosen.length > most ? <button onClick={() => setMost(most + step)}>Show {Math.min(step, chosen.length - most)} earlier ones</button> : null}
    </Card>
  );
}

function Entry({ entry, day }: { entry: TimelineEntry; day: string | null }) {
  return (
    <li class={`entry ${entry.verdict}`}>
      {day ? <h3>{day}</h3> : null}
      <div class="line">
        <time dateTime={entry.at} title={clock(entry.at)}>
          {timeOfDay(entry.at)}
        </time>
        <div>
          <p>
            <b>
              <Text of={nameOf(entry.kind)} limit={80} />
            </b>{' '}
            {entry.actor ? (
              <>
                by <Text of={entry.actor} limit={120} />{' '}
              </>
            ) : null}
            <Badge tone={tones[entry.verdict]} title={meanings[entry.verdict]}>
              {entry.verdict}
            </Badge>
            {entry.episode > 1 ? <small> episode {entry.episode}</small> : null}
          </p>
          {entry.summary ? (
            <p class="summary">
              <Text of={entry.summary} />
            </p>
          ) : null}
          <p class="reason">
            <Text of={entry.reason} />
          </p>
          {entry.comment ? (
            <blockquote>
              <Text of={entry.comment} />
            </blockquote>
          ) : null}
        </div>
      </div>
    </li>
  );
}

function isChosen(entry: TimelineEntry, choice: Choice): boolean {
  switch (choice) {
    case 'all':
      return true;
    case 'changes':
      return entry.verdict === 'applied';
    case 'sent':
      return /^(close|comment|callback|page|shadow)/.test(entry.kind);
    case 'people':
      return Boolean(entry.actor ?? entry.comment);
  }
}

/** incident#new and page-resolve as words. */
function nameOf(kind: string): string {
  const [, event] = kind.split('#');
  return capital(words((event ?? kind).replaceAll('-', ' ').replaceAll('_', ' ')));
}

function dayChange(entry: TimelineEntry, above: TimelineEntry | undefined): string | null {
  const day = dayOf(entry.at);
  return above && dayOf(above.at) === day ? null : day;
}
