import type { SignIn } from '../../.generated/openapi';
import { Store } from '../store';
import { root } from './route';

/**
 * Who uses the console. The function key lives in this tab only: sessionStorage ends with the tab, and the key is never part of an address.
 * The name is no secret and stays.
 */
export interface Session {
  /** Null for a person who has not signed in; empty with Entra ID, where the platform's cookie says who it is. */
  key: string | null;
  /** With Entra ID; a function key may do everything. */
  entra: { role: string | null } | null;
  name: string;
  /** The key that was used has been refused: it was deleted or renewed. */
  expired: boolean;
}

const timeoutMs = 30_000;
const keyItem = 'console.key';
const nameItem = 'console.name';

export const session = new Store<Session>({ key: read(sessionStorage, keyItem), name: read(localStorage, nameItem) ?? '', entra: null, expired: false });

export function signIn(key: string, name: string): void {
  write(sessionStorage, keyItem, key);
  write(localStorage, nameItem, name);
  session.set({ key, name, entra: null, expired: false });
}

export function rename(name: string): void {
  write(localStorage, nameItem, name);
  session.update({ name });
}

export function signOut(): void {
  sessionStorage.removeItem(keyItem);
  session.update({ key: null, expired: false });
}

/** The page stays as it is, with what was typed, below the question for a key. */
export function expire(): void {
  if (session.value.key !== null) session.update({ expired: true });
}

/** Asks how people sign in here, and takes over a sign-in with Entra ID. Also after one in another tab: what was typed in this one is still there. */
export async function askSignIn(): Promise<SignIn> {
  const answer = await fetch('/api/sign-in', { cache: 'no-store', credentials: 'same-origin', signal: AbortSignal.timeout(timeoutMs) }).catch(() => {
    throw new Error('Check the network, and whether the function app runs.');
  });
  if (!answer.ok) throw new Error(`The bridge answered with status ${answer.status}.`);
  const found = (await answer.json()) as SignIn;
  if (found.mode === 'entra' && found.name !== null) session.set({ key: '', name: found.name, entra: { role: found.role }, expired: false });
  return found;
}

/**
 * Another tab may have signed in another person, or signed out: this one follows when a person comes back to it. What was typed stays.
 * Without an answer nothing is known, and the list says since when.
 */
export function watchSignIn(): void {
  addEventListener('focus', () => {
    if (session.value.entra === null) return;
    askSignIn().then(
      ({ name }) => name === null && expire(),
      () => undefined,
    );
  });
}

/** The platform's own pages: a navigation, no fetch. */
export function signInAddress(): string {
  return `/.auth/login/aad?post_login_redirect_uri=${encodeURIComponent(location.pathname + location.search)}`;
}

export function signOutAddress(): string {
  return `/.auth/logout?post_logout_redirect_uri=${encodeURIComponent(root)}`;
}

/** Whether there is anything to read for this person. */
export function maySee({ key, expired, entra }: Session): boolean {
  return key !== null && !expired && (entra === null || entra.role !== null);
}

const roles = ['Reader', 'Responder', 'Admin'];

/** Why the person may not do what needs this role; null for who may. The bridge checks it again. */
export function lackOf({ entra }: Session, role: 'Responder' | 'Admin'): string | null {
  if (entra === null || roles.indexOf(entra.role ?? '') >= roles.indexOf(role)) return null;
  return `This needs the role ${role}; yours is ${entra.role ?? 'none'}. An owner of the enterprise application in Entra ID assigns roles.`;
}

/** A link that ./run prints has a code, which its host exchanges once for the key. The code leaves the address before anything else happens. */
export async function redeemLink(): Promise<void> {
  const code = new URLSearchParams(location.hash.slice(1)).get('code');
  if (code === null) return;
  history.replaceState(null, '', location.pathname === root ? root : location.pathname + location.search);
  const answer = await fetch('/_console/sign-in', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  if (!answer.ok) throw new Error('This link was used before or is older than a quarter of an hour.');
  const { functionKey } = (await answer.json()) as { functionKey: string };
  signIn(functionKey, session.value.name || 'local');
}

function read(storage: Storage, item: string): string | null {
  try {
    return storage.getItem(item);
  } catch {
    // Storage that is switched off: the key then lasts until the page is reloaded.
    return null;
  }
}

function write(storage: Storage, item: string, value: string): void {
  try {
    storage.setItem(item, value);
  } catch {
    // As above.
  }
}
