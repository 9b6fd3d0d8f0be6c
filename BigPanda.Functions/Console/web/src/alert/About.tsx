import { useState } from 'preact/hooks';
import type { Alert } from '../../.generated/openapi';
import { Badge, Card, SafeLink, Text } from '../ui/parts';
import { safeUrl } from '../ui/text';

const first = 10;

/** What the incident is about: links and runbooks, its alerts with their hosts, tags and related changes. */
export function About({ alert }: { alert: Alert }) {
  const links = linksOf(alert);
  return (
    <>
      {links.length > 0 ? (
        <Card title="Links and runbooks">
          <ul class="list">
            {links.map(({ name, url }) => (
              <li key={`${name} ${url}`}>
                <SafeLink to={url}>
                  <Text of={name} limit={60} />
                </SafeLink>
              </li>
            ))}
          </ul>
        </Card>
      ) : null}
      <Alerts alert={alert} />
      <Tags title="Tags" tags={alert.tags} />
      <Changes alert={alert} />
      <Card title="Sources">
        <p>
          <Text of={alert.sources.join(', ') || 'none'} />
        </p>
        {alert.omitted ? (
          <p class="hint">
            Left out: <Text of={alert.omitted} />
          </p>
        ) : null}
      </Card>
    </>
  );
}

function Alerts({ alert }: { alert: Alert }) {
  const [isWhole, setWhole] = useState(false);
  const alerts = alert.alerts ?? [];
  const shown = isWhole ? alerts : alerts.slice(0, first);
  return (
    <Card title={`Hosts and checks (${alerts.length})`}>
      <ul class="checks">
        {shown.map((one, i) => (
          <li key={one.id ?? i}>
            <p>
              {one.status ? <Badge tone={/^(ok|resolved|closed)$/i.test(one.status) ? 'success' : 'plain'}><Text of={one.status} limit={20} /></Badge> : null}{' '}
              <b>
                <Text of={tag(one.tags, 'host', 'hostname') ?? one.source ?? one.id ?? 'alert'} limit={80} />
              </b>{' '}
              <Text of={tag(one.tags, 'check') ?? ''} limit={80} />
            </p>
            {one.description ? (
              <p class="hint">
                <Text of={one.description} limit={400} />
              </p>
            ) : null}
            <Details tags={one.tags} />
          </li>
        ))}
      </ul>
      {alerts.length > shown.length ? <button onClick={() => setWhole(true)}>Show all {alerts.length}</button> : null}
    </Card>
  );
}

function Details({ tags }: { tags: Record<string, unknown> }) {
  const names = Object.keys(tags);
  if (names.length === 0) return null;
  return (
    <details>
      <summary>{names.length === 1 ? '1 tag' : `${names.length} tags`}</summary>
      <Pairs tags={tags} />
    </details>
  );
}

function Tags({ title, tags }: { title: string; tags: Record<string, unknown> }) {
  const count = Object.keys(tags).length;
  if (count === 0) return null;
  return (
    <Card title={`${title} (${count})`}>
      <Pairs tags={tags} />
    </Card>
  );
}

function Pairs({ tags }: { tags: Record<string, unknown> }) {
  return (
    <dl class="pairs">
      {Object.entries(tags).map(([name, value]) => (
        <div key={name}>
          <dt>
            <Text of={name} limit={80} />
          </dt>
          <dd>{safeUrl(value) ? <SafeLink to={value as string} /> : <Text of={Array.isArray(value) ? value.join(', ') : value} limit={1000} />}</dd>
        </div>
      ))}
    </dl>
  );
}

function Changes({ alert }: { alert: Alert }) {
  const changes = alert.relatedChanges ?? [];
  if (changes.length === 0) return null;
  return (
    <Card title={`Related changes (${changes.length})`}>
      <ul class="checks">
        {changes.map((change, i) => (
          <li key={change.id ?? i}>
            <p>
              {change.status ? <Badge><Text of={change.status} limit={20} /></Badge> : null} <Text of={change.summary ?? change.identifier ?? 'Change'} limit={300} />
            </p>
            <p class="hint">
              <Text of={[change.source, change.identifier, change.certainty].filter(Boolean).join(' · ')} limit={300} />{' '}
              {change.ticketUrl ? <SafeLink to={change.ticketUrl}>Ticket</SafeLink> : null}
            </p>
            {change.comment ? <p class="hint"><Text of={change.comment} limit={600} /></p> : null}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** Every tag whose value is an address, runbooks first. */
function linksOf(alert: Alert): Array<{ name: string; url: string }> {
  const found = new Map<string, { name: string; url: string }>();
  for (const tags of [alert.tags, ...(alert.alerts ?? []).map(one => one.tags)]) {
    for (const [name, value] of Object.entries(tags)) {
      for (const url of [value].flat()) if (typeof url === 'string' && safeUrl(url)) found.set(url, { name, url });
    }
  }
  const isRunbook = (name: string) => Number(!/run ?book|playbook|wiki|doc/i.test(name));
  return [...found.values()].sort((a, b) => isRunbook(a.name) - isRunbook(b.name) || a.name.localeCompare(b.name)).slice(0, 30);
}

function tag(tags: Record<string, unknown>, ...names: string[]): string | undefined {
  for (const [name, value] of Object.entries(tags)) if (names.includes(name.toLowerCase()) && typeof value === 'string') return value;
  return undefined;
}
