import type { ComponentChildren } from 'preact';
import { lackOf, session } from '../app/session';
import { useStore } from '../store';
import { Banner } from './parts';

/** Controls that need a role: without it they are disabled, with the reason above them, or small below them where it is quiet. */
export function Need({ role, quiet = false, children }: { role: 'Responder' | 'Admin'; quiet?: boolean; children: ComponentChildren }) {
  const lack = lackOf(useStore(session), role);
  return (
    <fieldset disabled={lack !== null} class={lack && quiet ? 'need-quiet' : 'need'}>
      {lack && !quiet ? <Banner tone="warning">{lack}</Banner> : null}
      {children}
      {lack && quiet ? <p class="hint">{lack}</p> : null}
    </fieldset>
  );
}
