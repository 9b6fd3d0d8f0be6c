import { useState } from 'preact/hooks';
import type { PageReport } from '../../.generated/openapi';
import { get } from '../api/client';
import { follow, href } from '../app/route';
import { useWork } from '../ui/load';
import { Badge, Banner, Card, Failure, SafeLink, Text } from '../ui/parts';
import { count } from '../ui/text';
import { clock } from '../ui/time';

type Item = PageReport['items'][number];

const meanings: Record<Item['difference'], string> = {
  onlyBridge: 'only the bridge would have paged',
  onlyPagerDuty: 'only the other integration has paged',
  openHere: 'only the bridge would still have its page open',
  openThere: 'only the other integration still has its page open',
  openedApart: 'opened at different times',
};

/** Where the bridge would have paged otherwise than another integration did. */
export function ShadowReport() {
  const [report, setReport] = useState<PageReport | null>(null);
  const work = useWork();
  return (
    <Card
      title="Shadow report"
      actions={
        <button class="small" disabled={work.isBusy} onClick={() => work.run(async () => setReport(await get<PageReport>('/pagerduty/report?days=7')))}>
          {work.isBusy ? 'Comparing…' : 'Compare seven days'}
        </button>
      }
    >
      <p class="hint">In shadow mode: where the bridge would have paged otherwise than another integration did.</p>
      {work.error ? <Failure error={work.error} /> : null}
      {report ? <Shown report={report} /> : null}
    </Card>
  );
}

function Shown({ report }: { report: PageReport }) {
  const kinds = Object.entries(report.differences).filter(([, number]) => number > 0) as Array<[Item['difference'], number]>;
  return (
    <div aria-live="polite">
      <p>
        {count(report.alerts, 'alert')} from {clock(report.since)} to {clock(report.until)}: <b>{report.agree} agree</b>. Other integrations have paged{' '}
        {count(report.seen, 'incident')}, as far as webhooks showed.
      </p>
      {report.isComplete ? null : <Banner tone="warning">There are more alerts than one report compares.</Banner>}
      {report.notice ? (
        <Banner tone="warning">
          <Text of={report.notice} />
        </Banner>
      ) : null}
      {kinds.length === 0 ? null : (
        <ul class="lines">
          {kinds.map(([kind, number]) => (
            <li key={kind}>
              <b>{number}</b> {meanings[kind]}
            </li>
          ))}
        </ul>
      )}
      <ul class="entries">
        {report.items.map(item => (
          <Difference key={`${item.incidentId} ${item.difference}`} item={item} />
        ))}
      </ul>
    </div>
  );
}

function Difference({ item: { incidentId, title, difference, bridge, pagerDuty, held } }: { item: Item }) {
  return (
    <li>
      <p>
        <Badge tone="warning">{meanings[difference]}</Badge>{' '}
        <a href={href('alert', { id: incidentId })} onClick={follow}>
          <Text of={title} limit={160} />
        </a>
      </p>
      <p class="hint">
        Bridge: {bridge ? span(bridge.openedAt, bridge.resolvedAt) : 'no page'}
        {held ? (
          <>
            {' ('}
            <Text of={held} />)
          </>
        ) : null}
        . PagerDuty: {pagerDuty ? span(pagerDuty.openedAt, pagerDuty.resolvedAt) : 'no page'}
        {pagerDuty?.url ? (
          <>
            {' '}
            <SafeLink to={pagerDuty.url}>{pagerDuty.incidentId}</SafeLink>
          </>
        ) : null}
      </p>
    </li>
  );
}

function span(from: string | null, to: string | null): string {
  return `${from ? clock(from) : 'before'} – ${to ? clock(to) : 'open'}`;
}
