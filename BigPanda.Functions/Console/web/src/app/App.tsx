import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../store';
import { AlertPage } from '../alert/AlertPage';
import { AlertsPage } from '../alerts/AlertsPage';
import { HealthPage } from '../health/HealthPage';
import { SetupPage } from '../setup/SetupPage';
import { Empty } from '../ui/parts';
import { Dialog } from '../ui/Dialog';
import { ErrorBoundary } from './ErrorBoundary';
import { EntraSignIn, NoRole } from './EntraSignIn';
import { askSignIn, redeemLink, session } from './session';
import { route } from './route';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

export function App() {
  const { key, name, entra, expired } = useStore(session);
  const { page } = useStore(route);
  const [found, setFound] = useState<Found | null>(location.hash.includes('code=') || key === null ? null : ready);
  const begin = () => void start().then(setFound);
  useEffect(begin, []);

  if (found === null) return <main class="center">Signing in…</main>;
  if (key === null) return <main class="center">{entrance(found, begin)}</main>;
  if (entra && entra.role === null)
    return (
      <main class="center">
        <NoRole name={name} />
      </main>
    );
  return (
    <Shell page={page}>
      {expired ? (
        <Dialog title="Sign in again" onClose={stay}>
          {entra ? <EntraSignIn refusal={null} /> : <SignIn problem={null} />}
        </Dialog>
      ) : null}
      <ErrorBoundary key={page ?? 'none'}>{viewOf(page)}</ErrorBoundary>
    </Shell>
  );
}

/** How people sign in here, and what is wrong with it. */
interface Found {
  /** Off: the deployment wants Entra ID, and the platform does not authenticate. Null: the bridge did not say. */
  mode: 'key' | 'entra' | 'off' | null;
  problem: string | null;
}

const ready: Found = { mode: 'key', problem: null };

/** A link's code first; without a key the bridge says how people sign in. */
async function start(): Promise<Found> {
  const problem = await redeemLink().then(
    () => null,
    (error: unknown) => messageOf(error),
  );
  if (session.value.key !== null) return ready;
  try {
    const { mode, problem: code, detail } = await askSignIn();
    if (mode === 'key') return { mode, problem };
    // To have signed in not yet is no problem.
    return { mode: code === 'sign-in-off' ? 'off' : mode, problem: code === 'not-signed-in' ? null : detail };
  } catch (error) {
    return { mode: null, problem: messageOf(error) };
  }
}

function entrance({ mode, problem }: Found, retry: () => void) {
  switch (mode) {
    case 'entra':
      return <EntraSignIn refusal={problem} />;
    case 'key':
      return <SignIn problem={problem} />;
    case 'off':
      return <Closed title="Sign-in is off" text={problem} retry={retry} />;
    default:
      return <Closed title="The bridge does not answer" text={`${problem} Webhooks that it has accepted are not lost.`} retry={retry} />;
  }
}

function Closed({ title, text, retry }: { title: string; text: string | null; retry: () => void }) {
  return (
    <div class="sign-in">
      <h1>{title}</h1>
      <p role="alert">{text}</p>
      <button class="primary" onClick={retry}>
        Try again
      </button>
    </div>
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Without a key the page below can do nothing: the question cannot be closed. */
function stay(): void {}

function viewOf(page: string | null) {
  switch (page) {
    case 'alerts':
      return <AlertsPage />;
    case 'alert':
      return <AlertPage />;
    case 'health':
      return <HealthPage />;
    case 'setup':
      return <SetupPage />;
    default:
      return <Empty title="There is no such page" isPage>Choose one above.</Empty>;
  }
}
