import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { ApiError } from '../api/client';
import { safeUrl, visible } from './text';
import { ago, clock, useNow } from './time';

/** Text from outside: isolated, so that its writing direction changes nothing around it, and never markup. */
export function Text({ of, limit }: { of: unknown; limit?: number }) {
  return <bdi>{visible(of, limit)}</bdi>;
}

/** A link only for http and https; other text stays text. The host stands beside a link whose text does not say where it leads. */
export function SafeLink({ to, children }: { to: string | null | undefined; children?: ComponentChildren }) {
  const url = safeUrl(to);
  if (!url) return <>{children ?? <Text of={to} />}</>;
  return (
    <>
      <a href={url.href} target="_blank" rel="noopener noreferrer">
        {children ?? <Text of={url.href} limit={120} />}
      </a>
      {children ? <span class="host"> {url.host}</span> : null}
    </>
  );
}

export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow(10_000);
  if (!at) return <>never</>;
  return (
    <time dateTime={at} title={clock(at)}>
      {ago(at, now)}
    </time>
  );
}

export function Badge({ tone = 'plain', children, title }: { tone?: Tone; children: ComponentChildren; title?: string }) {
  return (
    <span class={`badge ${tone}`} {...(title ? { title } : {})}>
      {children}
    </span>
  );
}

export type Tone = 'plain' | 'brand' | 'danger' | 'warning' | 'success';

/** Copies without showing: also for a token that is shown once. No button element: those are disabled where a role is missing, and who may read may copy. */
export function Copy({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'done' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), 2000);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = () => navigator.clipboard.writeText(text).then(() => setState('done'), () => setState('failed'));
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    void copy();
  };
  return (
    <span class="button small" role="button" tabIndex={0} onClick={copy} onKeyDown={press} aria-label={`Copy ${label}`}>
      <span aria-live="polite">{state === 'done' ? 'Copied' : state === 'failed' ? 'Select and copy it' : 'Copy'}</span>
    </span>
  );
}

/** A value to copy: one line that can be selected as a whole. */
export function Value({ text, label, secret = false }: { text: string; label: string; secret?: boolean }) {
  return (
    <div class={`value ${secret ? 'secret' : ''}`}>
      <code>{text}</code>
      <Copy text={text} label={label} />
    </div>
  );
}

export function Banner({ tone, children, action }: { tone: Tone; children: ComponentChildren; action?: ComponentChildren }) {
  return (
    <div class={`banner ${tone}`} role={tone === 'danger' ? 'alert' : 'status'}>
      <div>{children}</div>
      {action}
    </div>
  );
}

export function Failure({ error, retry, children }: { error: unknown; retry?: () => void; children?: ComponentChildren }) {
  const text = error instanceof ApiError ? error.message : `Something failed in this page: ${error instanceof Error ? error.message : String(error)}`;
  return (
    <Banner tone="danger" action={retry ? <button onClick={retry}>Try again</button> : null}>
      <Text of={text} />
      {children}
    </Banner>
  );
}

/** @param isPage Nothing else is on the page. */
export function Empty({ title, children, isPage = false }: { title: string; children?: ComponentChildren; isPage?: boolean }) {
  return (
    <div class="empty">
      {isPage ? <h1>{title}</h1> : <h2>{title}</h2>}
      <div>{children}</div>
    </div>
  );
}

export function Skeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div class="skeleton" role="status">
      <span class="sr-only">Loading</span>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} />
      ))}
    </div>
  );
}

export function Card({ title, children, actions, id }: { title: string; children: ComponentChildren; actions?: ComponentChildren; id?: string }) {
  return (
    <section class="card" aria-label={title} {...(id ? { id } : {})}>
      <header>
        <h2>{title}</h2>
        {actions}
      </header>
      {children}
    </section>
  );
}
