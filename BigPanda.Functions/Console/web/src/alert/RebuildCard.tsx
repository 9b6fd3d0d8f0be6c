import { useState } from 'preact/hooks';
import type { MemberDifference, Rebuild } from '../../.generated/openapi';
import { change, id as inPath } from '../api/client';
import { useWork } from '../ui/load';
import { RoleButton } from '../ui/Need';
import { Banner, Card, Failure, Text, type Tone } from '../ui/parts';
import { clock } from '../ui/time';

const tones: Record<Rebuild['outcome'], Tone> = { same: 'success', different: 'danger', unknown: 'warning' };

/** Whether the alert is what its kept deliveries make of it. Nothing is changed. */
export function RebuildCard({ id }: { id: string }) {
  const [found, setFound] = useState<Rebuild | null>(null);
  const work = useWork();
  const shown = found?.incidentId === id ? found : null;
  return (
    <Card
      title="Proof"
      actions={
        <RoleButton needs="Admin" class="small" disabled={work.isBusy} onClick={() => work.run(async () => setFound(await change<Rebuild>('POST', `/alerts/${inPath(id)}/rebuild`)))}>
          {work.isBusy ? 'Folding…' : 'Fold again'}
        </RoleButton>
      }
    >
      <p class="hint">Folds the alert again from the deliveries that were kept, and compares. It changes nothing.</p>
      {work.error ? <Failure error={work.error} /> : null}
      {shown ? (
        <>
          <Banner tone={tones[shown.outcome]}>
            <Text of={shown.summary} />
          </Banner>
          <p class="hint">
            {shown.deliveries} kept {shown.deliveries === 1 ? 'delivery' : 'deliveries'} applied again
            {shown.from?.at ? `, from ${clock(shown.from.at)}` : ''}
          </p>
          <Differences list={shown.differences} />
          <Differences list={shown.notCompared} />
          {shown.notes.map(note => (
            <p class="hint" key={note}>
              <Text of={note} />
            </p>
          ))}
        </>
      ) : null}
    </Card>
  );
}

function Differences({ list }: { list: MemberDifference[] }) {
  return (
    <ul class="checks">
      {list.map(({ member, stored, folded }) => (
        <li key={member}>
          <b>
            <Text of={member} limit={100} />
          </b>
          <p class="hint">
            stored <Text of={stored ?? 'nothing'} limit={300} />, folded <Text of={folded ?? 'nothing'} limit={300} />
          </p>
        </li>
      ))}
    </ul>
  );
}
