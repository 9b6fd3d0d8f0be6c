import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../store';
import { AlertPage } from '../alert/AlertPage';
import { AlertsPage } from '../alerts/AlertsPage';
import { HealthPage } from '../health/HealthPage';
import { SetupPage } from '../setup/SetupPage';
import { Empty } from '../ui/parts';
import { Dialog } from '../ui/Dialog';
import { ErrorBoundary } from './ErrorBoundary';
import { EntraSignIn } from './EntraSignIn';
import { askSignIn, redeemLink, session } from './session';
import { route } from './route';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

export function App() {
  const { key, entra, expired } = useStore(session);
  const { page } = useStore(route);
  const [link, setLink] = useState<Start>({ isPending: location.hash.includes('code=') || key === null, usesEntra: false, problem: null });
  useEffect(() => {
    start().then(setLink);
  }, []);

  if (link.isPending) return <main class="center">Signing in…</main>;
  if (key === null)
    return (
      <main class="center">
        {link.usesEntra || entra ? <EntraSignIn problem={link.problem} /> : <SignIn problem={link.problem} />}
      </main>
    );
  return (
    <Shell page={page}>
      {expired ? (
        <Dialog title="Sign in again" onClose={stay}>
          {entra ? <EntraSignIn problem={null} /> : <SignIn problem={null} />}
        </Dialog>
      ) : null}
      <ErrorBoundary key={page ?? 'none'}>{viewOf(page)}</ErrorBoundary>
    </Shell>
  );
}

interface Start {
  isPending: boolean;
  usesEntra: boolean;
  problem: string | null;
}

/** A link's code first; without a key the bridge says how people sign in. */
async function start(): Promise<Start> {
  try {
    await redeemLink();
    if (session.value.key !== null) return { isPending: false, usesEntra: false, problem: null };
    const { mode, problem } = await askSignIn();
    return { isPending: false, usesEntra: mode === 'entra', problem: mode === 'entra' ? problem : null };
  } catch (error) {
    return { isPending: false, usesEntra: false, problem: error instanceof Error ? error.message : String(error) };
  }
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
