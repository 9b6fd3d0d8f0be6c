import { render } from 'preact';
import './tokens.css';
import './base.css';
import './alerts/alerts.css';
import './alert/alert.css';
import './health/health.css';
import './setup/setup.css';
import { App } from './app/App';
import { ErrorBoundary } from './app/ErrorBoundary';
import { startFeed } from './alerts/feed';
import { watchSignIn } from './app/session';
import { startSignals } from './alerts/notify';

const root = document.getElementById('app');
if (root) {
  startSignals();
  startFeed();
  watchSignIn();
  render(
    <ErrorBoundary>
      <App />
    </ErrorBoundary>,
    root,
  );
}
