import { useEffect, useState } from 'preact/hooks';
import type { ReplayReport, ReplayRequest } from '../../.generated/openapi';
import { change } from '../api/client';
import { session } from '../app/session';
import { Dialog } from '../ui/Dialog';
import { useWork } from '../ui/load';
import { Badge, Failure, Text, type Tone } from '../ui/parts';
import { capital, words } from '../ui/text';

interface Props {
  queue: ReplayRequest['queue'];
  what: Pick<ReplayRequest, 'ids' | 'all'>;
  onClose: (isSent: boolean) => void;
}

/** The bridge takes two minutes at most. */
const timeoutMs = 150_000;

/** Asks first what a replay would do, and sends when a person has seen that. */
export function ReplayDialog({ queue, what, onClose }: Props) {
  const [report, setReport] = useState<ReplayReport | null>(null);
  const [isSending, setSending] = useState(false);
  const work = useWork();
  const replay = (dryRun: boolean, continuation?: string | null) => {
    setSending(!dryRun);
    work.run(async () =>
      setReport(
        await change<ReplayReport>(
          'POST',
          '/dead-letters/replay',
          { queue, ...what, dryRun, ...(continuation ? { continuation } : {}), ...(dryRun ? {} : { actor: session.value.name }) } satisfies ReplayRequest,
          timeoutMs,
        ),
      ),
    );
  };
  useEffect(() => replay(true), []);
  const isPlan = report?.dryRun !== false;
  // Without an answer some may have been sent: the list is read again.
  const close = () => onClose(isSending);
  const wanted = report?.counts['wouldSend'] ?? 0;
  const dropped = report?.counts['wouldDrop'] ?? 0;

  return (
    <Dialog title={isPlan ? 'What a replay would do' : 'What the replay did'} onClose={close}>
      {work.error ? <Failure error={work.error} /> : null}
      {work.isBusy ? <p role="status">{isSending ? 'Sending…' : 'Checking each message…'}</p> : null}
      {report ? (
        <>
          <p>
            {Object.entries(report.counts).map(([outcome, number]) => (
              <Badge key={outcome} tone={toneOf(outcome)}>
                {number.toLocaleString('en')} {words(outcome).toLowerCase()}
              </Badge>
            ))}
          </p>
          <ul class="entries limited" tabIndex={0} aria-label="Messages">
            {report.items.map(item => (
              <li key={item.id}>
                <Badge tone={toneOf(item.outcome)}>{words(item.outcome)}</Badge>{' '}
                <Text of={capital(item.detail)} limit={400} />
                {item.incidentId ? (
                  <small>
                    {' '}
                    incident <Text of={item.incidentId} limit={60} />
                  </small>
                ) : null}
              </li>
            ))}
          </ul>
          {report.continuation ? <p class="hint">There are more: 500 messages are handled in a call.</p> : null}
        </>
      ) : null}
      <div class="buttons">
        {report && isPlan && wanted + dropped > 0 && !(isSending && work.error) ? (
          <button class="primary" disabled={work.isBusy} onClick={() => replay(false)}>
            {wanted > 0 ? `Send ${wanted} again` : ''}
            {wanted > 0 && dropped > 0 ? ', ' : ''}
            {dropped > 0 ? `drop ${dropped}` : ''}
          </button>
        ) : null}
        {report && !isPlan && report.continuation ? (
          <button class="primary" disabled={work.isBusy} onClick={() => replay(false, report.continuation)}>
            Go on with the rest
          </button>
        ) : null}
        <button disabled={work.isBusy} onClick={close}>
          {isPlan && !isSending ? 'Cancel' : 'Close'}
        </button>
      </div>
    </Dialog>
  );
}

function toneOf(outcome: string): Tone {
  if (/sent|wouldSend/.test(outcome)) return 'success';
  return /kept|wouldKeep/.test(outcome) ? 'danger' : 'plain';
}
