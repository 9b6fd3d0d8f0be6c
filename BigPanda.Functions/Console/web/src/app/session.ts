import { Store } from '../store';
import { root } from './route';

/**
 * Who uses the console. The function key lives in this tab only: sessionStorage ends with the tab, and the key is never part of an address.
 * The name is no secret and stays.
 */
export interface Session {
  key: string | null;
  name: string;
  /** The key that was used has been refused: it was deleted or renewed. */
  expired: boolean;
}

const keyItem = 'console.key';
const nameItem = 'console.name';

export const session = new Store<Session>({ key: read(sessionStorage, keyItem), name: read(localStorage, nameItem) ?? '', expired: false });

export function signIn(key: string, name: string): void {
  write(sessionStorage, keyItem, key);
  write(localStorage, nameItem, name);
  session.set({ key, name, expired: false });
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
