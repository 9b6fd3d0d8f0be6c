import type { Alert } from '../../.generated/openapi';
import type { Act } from '../alerts/ActDialog';
import { levelOf } from '../alerts/filter';
import { Lack, RoleButton } from '../ui/Need';
import { Badge, Copy, Text } from '../ui/parts';
import { capital, safeUrl } from '../ui/text';
import { clock, duration, ms, useNow } from '../ui/time';

export function Heading({ alert, start }: { alert: Alert; start: (act: Act) => void }) {
  const now = useNow(1_000);
  const isFiring = alert.status === 'firing';
  const since = alert.lastFiredAt ? ms(alert.lastFiredAt) : now;
  const inBigPanda = safeUrl(alert.url);
  const inPagerDuty = safeUrl(alert.pagerDuty?.url);
  return (
    <header class={`heading ${isFiring ? levelOf(alert.severity?.toLowerCase() ?? 'none') : 'over-now'}`}>
      <div class="what">
        <p class="state">
          <b>{isFiring ? 'Firing' : 'Resolved'}</b> {isFiring ? 'for ' : 'after '}
          {duration(since, isFiring || !alert.resolvedAt ? now : ms(alert.resolvedAt))}
          {alert.severity ? (
            <>
              {' · '}
              <Text of={capital(alert.severity)} limit={40} />
            </>
          ) : null}
          {alert.environment ? (
            <>
              {' · '}
              <Text of={alert.environment.name ?? alert.environment.id} limit={80} />
            </>
          ) : null}
          {alert.episode > 1 ? ` · fired ${alert.episode} times` : ''}
        </p>
        <h1>
          <Text of={alert.title} />
        </h1>
        <p class="people">
          {alert.acknowledged ? (
            <Badge tone="success">
              Acknowledged{alert.acknowledgedBy?.actor ? <> by <Text of={alert.acknowledgedBy.actor} limit={80} /></> : ''}
              {alert.acknowledgedAt ? `, ${clock(alert.acknowledgedAt)}` : ''}
            </Badge>
          ) : null}
          {!isFiring && alert.resolvedBy ? (
            <Badge tone="success">
              Resolved by <Text of={alert.resolvedBy.actor ?? alert.resolvedBy.via} limit={80} />
              {alert.resolvedBy.actor ? ` (${alert.resolvedBy.via})` : ''}
              {alert.resolvedAt ? `, ${clock(alert.resolvedAt)}` : ''}
            </Badge>
          ) : null}
          {alert.flapping ? <Badge tone="warning">Flapping</Badge> : null}
          {alert.snoozed ? <Badge>Snoozed{alert.snoozedUntil ? ` until ${clock(alert.snoozedUntil)}` : ''}</Badge> : null}
          {alert.oneTime ? <Badge title="BigPanda sends only the first share of this incident, and no close.">Shared once</Badge> : null}
          {alert.priority ? <Badge>Priority <Text of={alert.priority} limit={40} /></Badge> : null}
          {alert.assignee ? <Badge>Assigned to <Text of={alert.assignee} limit={80} /></Badge> : null}
        </p>
        <p class="id">
          <code>{alert.incidentId}</code> <Copy text={alert.incidentId} label="the incident id" />
        </p>
      </div>
      <div class="buttons">
        {isFiring ? (
          <RoleButton needs="Responder" class="primary" onClick={() => start('resolve')}>
            Resolve…
          </RoleButton>
        ) : null}
        <RoleButton needs="Responder" onClick={() => start('comment')}>
          Comment…
        </RoleButton>
        {inBigPanda ? (
          <a class="button" href={inBigPanda.href} target="_blank" rel="noopener noreferrer" title={inBigPanda.host}>
            BigPanda ↗
          </a>
        ) : null}
        {inPagerDuty ? (
          <a class="button" href={inPagerDuty.href} target="_blank" rel="noopener noreferrer" title={inPagerDuty.host}>
            PagerDuty ↗
          </a>
        ) : null}
        <Lack role="Responder" />
      </div>
    </header>
  );
}
