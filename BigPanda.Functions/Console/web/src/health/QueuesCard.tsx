import type { Readiness } from '../../.generated/openapi';
import type { Loaded } from '../ui/load';
import { Badge, Card, Skeleton, Text } from '../ui/parts';
import { clock, duration, ms, useNow } from '../ui/time';
import { queues } from './queues';

type Waiting = Readiness['queues'][number];

/** A message that is older is not just on its way: something is slow or down. */
const lateMs = 60_000;

/** What waits in each queue, and for how long. */
export function QueuesCard({ readiness: { value, isLoading } }: { readiness: Loaded<Readiness> }) {
  return (
    <Card title="Queues" id="queues">
      {isLoading && !value ? <Skeleton rows={5} /> : null}
      {value ? (
        <table>
          <thead>
            <tr>
              <th scope="col">Queue</th>
              <th scope="col" class="number">
                Waiting
              </th>
              <th scope="col">Oldest</th>
              <th scope="col" class="number">
                For later
              </th>
            </tr>
          </thead>
          <tbody>
            {value.queues.map(queue => (
              <Row key={queue.name} queue={queue} />
            ))}
          </tbody>
        </table>
      ) : null}
      <p class="hint">For later: retries, checks and reminders at their time.</p>
    </Card>
  );
}

function Row({ queue }: { queue: Waiting }) {
  const now = useNow(10_000);
  const title = queues.find(([name]) => name === queue.name)?.[1] ?? queue.name;
  if (queue.problem)
    return (
      <tr>
        <th scope="row">{title}</th>
        <td colSpan={3}>
          <Badge tone="warning">not known</Badge> <Text of={queue.problem} />
        </td>
      </tr>
    );
  const age = queue.oldestAt === null ? null : Math.max(0, now - ms(queue.oldestAt));
  return (
    <tr>
      <th scope="row">{title}</th>
      <td class="number">{numberOf(queue.waiting, queue.isMore)}</td>
      <td>
        {age === null || queue.oldestAt === null ? (
          '–'
        ) : (
          <span title={clock(queue.oldestAt)}>{age > lateMs ? <Badge tone="warning">{duration(0, age)}</Badge> : duration(0, age)}</span>
        )}
      </td>
      <td class="number">{numberOf(queue.scheduled, queue.isMore)}</td>
    </tr>
  );
}

function numberOf(number: number, isMore: boolean): string {
  return `${number.toLocaleString('en')}${isMore ? ' or more' : ''}`;
}
