import { useState } from 'preact/hooks';
import type { PagerDuty, PagingPolicy } from '../../.generated/openapi';
import { ApiError, change, get } from '../api/client';
import { session } from '../app/session';
import { Check, Choice, Field, textOf } from '../ui/fields';
import { useWork } from '../ui/load';
import { Banner, Card, Failure } from '../ui/parts';
import { capital } from '../ui/text';
import { readLines, readRules, writeLines, writeRules } from './policyText';

const whileSo = [
  ['page', 'Page it all the same'],
  ['hold', 'Not while it is so'],
  ['never', 'Never page it'],
] as const;

const ways = [
  ['both', 'Both ways'],
  ['in', 'From PagerDuty'],
  ['out', 'To PagerDuty'],
  ['off', 'Off'],
] as const;

const synced = ['acknowledge', 'comment', 'resolve', 'assignment', 'priority'] as const;

const changedMeanwhile = 'The policy was changed since this form was opened. Nothing was stored: reload the page, and make your change in the present one.';

/** What is paged, when and where. It is replaced as a whole. */
export function PolicyForm({ pagerDuty, onStored }: { pagerDuty: PagerDuty; onStored: () => void }) {
  const [opened, setOpened] = useState<PagingPolicy>(pagerDuty.policy ?? {});
  const [policy, setPolicy] = useState<PagingPolicy>(opened);
  const [rules, setRules] = useState(writeRules(opened.rules));
  const [fields, setFields] = useState(writeLines(opened.fields));
  const [severities, setSeverities] = useState(writeLines(opened.severities));
  const [isStored, setStored] = useState(false);
  const work = useWork();
  const set = (part: Partial<PagingPolicy>) => setPolicy({ ...policy, ...part });
  const show = ({ policy: now }: PagerDuty) => {
    const shown = now ?? {};
    setOpened(shown);
    setPolicy(shown);
    setRules(writeRules(shown.rules));
    setFields(writeLines(shown.fields));
    setSeverities(writeLines(shown.severities));
  };
  const store = (read: () => PagingPolicy | null) =>
    work.run(async () => {
      const wanted = read();
      // It is replaced as a whole: another person's change would be undone.
      const now = await get<PagerDuty>('/pagerduty');
      if (JSON.stringify(now.policy ?? {}) !== JSON.stringify(opened)) throw new ApiError(409, 'policy-changed', changedMeanwhile);
      show(await change<PagerDuty>('PUT', '/pagerduty', { policy: wanted, actor: session.value.name }));
      setStored(true);
      onStored();
    });
  const submit = (event: Event) => {
    event.preventDefault();
    store(() => ({ ...policy, rules: readRules(rules), fields: readLines(fields), severities: readLines(severities) as PagingPolicy['severities'] & {} }));
  };
  const number = (name: 'fireDelaySeconds' | 'resolveDelaySeconds' | 'updateIntervalSeconds', label: string, hint: string, min: number, max: number) => (
    <Field label={label} type="number" min={min} max={max} value={policy[name] ?? ''} onText={text => set({ [name]: text === '' ? undefined : Number(text) })} hint={hint} />
  );
  return (
    <Card title="What is paged">
      <form onSubmit={submit} onInput={() => setStored(false)}>
        <div class="two">
          <Choice label="Snoozed alerts" value={policy.snoozed ?? 'page'} choices={whileSo} onChoice={snoozed => set({ snoozed })} />
          <Choice label="Flapping alerts" value={policy.flapping ?? 'page'} choices={whileSo} onChoice={flapping => set({ flapping })} />
        </div>
        <div class="three">
          {number('fireDelaySeconds', 'Fire delay (s)', 'One that is over within it is never paged.', 0, 86_400)}
          {number('resolveDelaySeconds', 'Resolve delay (s)', 'One that fires again within it keeps its page.', 0, 86_400)}
          {number('updateIntervalSeconds', 'Update interval (s)', 'The least time between two updates.', 1, 3_600)}
        </div>
        <fieldset class="three">
          <legend>What goes which way</legend>
          {synced.map(name => (
            <Choice key={name} label={capital(name)} value={policy[name] ?? 'both'} choices={ways} onChoice={way => set({ [name]: way })} />
          ))}
        </fieldset>
        <Check label="An acknowledgement in PagerDuty is also a comment in BigPanda" checked={policy.commentAcknowledgements === true} onCheck={commentAcknowledgements => set({ commentAcknowledgements })} />
        <details>
          <summary>Routing and fields</summary>
          <Field label="Tag with the routing key" value={policy.keyTag ?? ''} onText={text => set({ keyTag: textOf(text) })} hint="Its value is a routing key, or the name of a stored one." />
          <Lines label="Rules" value={rules} onText={setRules} hint="One a line, the first that matches counts: environment=…, severity=…, source=… → name of the key" placeholder="severity=critical → database" />
          <Lines label="Fields by tag" value={fields} onText={setFields} hint="tag = summary, source, severity, component, group, class or custom_details.NAME" placeholder="service = component" />
          <Lines label="Severities" value={severities} onText={setSeverities} hint="BigPanda’s word = critical, error, warning or info" placeholder="unknown = warning" />
        </details>
        {work.error ? <Failure error={work.error} /> : null}
        {isStored && !work.error ? <Banner tone="success">Stored. It counts for the next event of each alert.</Banner> : null}
        <div class="buttons">
          <button class="primary" disabled={work.isBusy}>
            Save
          </button>
          <button type="button" disabled={work.isBusy} onClick={() => store(() => null)}>
            Restore the defaults
          </button>
        </div>
      </form>
    </Card>
  );
}

interface LinesProps {
  label: string;
  value: string;
  hint: string;
  placeholder: string;
  onText: (text: string) => void;
}

function Lines({ label, value, hint, placeholder, onText }: LinesProps) {
  return (
    <label>
      {label}
      <textarea rows={3} spellcheck={false} placeholder={placeholder} value={value} onInput={event => onText(event.currentTarget.value)} />
      <small>{hint}</small>
    </label>
  );
}
