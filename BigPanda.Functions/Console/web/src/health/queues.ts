import type { ReplayRequest } from '../../.generated/openapi';

export type Queue = ReplayRequest['queue'];

/** In the order of the alert's way. */
export const queues: Array<[Queue, string]> = [
  ['alert-events', 'Alert events'],
  ['bigpanda-actions', 'To BigPanda'],
  ['pagerduty-actions', 'To PagerDuty'],
  ['pagerduty-events', 'From PagerDuty'],
  ['bigpanda-alerts', 'Monitors’ alerts'],
];
