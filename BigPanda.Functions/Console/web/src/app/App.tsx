import { useEffect, useState } from 'preact/hooks';
import { useStore } from '../store';
import { AlertPage } from '../alert/AlertPage';
import { AlertsPage } from '../alerts/AlertsPage';
import { HealthPage } from '../health/HealthPage';
import { SetupPage } from '../setup/SetupPage';
import { Empty } from '../ui/parts';
import { Dialog } from '../ui/Dialog';
import { ErrorBoundary } from './ErrorBoundary';
import { redeemLink, session } from './session';
import { route } from './route';
import { Shell } from './Shell';
import { SignIn } from './SignIn';

export function App() {
  const { key, expired } = useStore(session);
  const { page } = useStore(route);
  const [link, setLink] = useState<{ isPending: boolean; problem: string | null }>({ isPending: location.hash.includes('code='), problem: null });
  useEffect(() => {
    redeemLink().then(
      () => setLink({ isPending: false, problem: null }),
      (error: unknown) => setLink({ isPending: false, problem: error instanceof Error ? error.message : String(error) }),
    );
  }, []);

  if (link.isPending) return <main class="center">Signing in…</main>;
  if (key === null)
    return (
      <main class="center">
        <SignIn problem={link.problem} />
      </main>
    );
  return (
    <Shell page={page}>
      {expired ? (
        <Dialog title="Sign in again" onClose={stay}>
          <SignIn problem={null} />
        </Dialog>
      ) : null}
      <ErrorBoundary key={page ?? 'none'}>{viewOf(page)}</ErrorBoundary>
    </Shell>
  );
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
