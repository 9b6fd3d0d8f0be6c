import type { ComponentChildren, JSX } from 'preact';
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

/** The reason as a line of text, beside buttons whose titles have it: a phone shows no titles. */
export function Lack({ role }: { role: 'Responder' | 'Admin' }) {
  const lack = lackOf(useStore(session), role);
  return lack ? <p class="hint">{lack}</p> : null;
}

interface RoleButtonProps extends Omit<JSX.IntrinsicElements['button'], 'title' | 'disabled'> {
  needs: 'Responder' | 'Admin';
  disabled?: boolean;
  title?: string;
}

/** A button that needs a role: without it it is disabled, and its title says why. */
export function RoleButton({ needs, disabled = false, title, ...rest }: RoleButtonProps) {
  const lack = lackOf(useStore(session), needs);
  const says = lack ?? title;
  return <button {...rest} disabled={disabled || lack !== null} {...(says ? { title: says } : {})} />;
}
