import { useEffect } from 'preact/hooks';
import { useStore } from '../store';
import { useWork } from '../ui/load';
import { Failure } from '../ui/parts';
import { askSignIn, session, signInAddress } from './session';

const reasons: Record<string, string> = {
  'sign-in-off': 'The platform’s authentication is off, so no person can sign in. Turn it on: docs/deploy.md, Sign-in with Entra ID.',
};

/** Leads to Entra ID. When a sign-in has ended, in another tab: this one keeps what was typed, and goes on once a person has signed in there. */
export function EntraSignIn({ problem }: { problem: string | null }) {
  const { expired } = useStore(session);
  const work = useWork();
  const again = () =>
    work.run(async () => {
      const { name } = await askSignIn();
      if (name === null) throw new Error('No person has signed in yet.');
    });
  useEffect(() => {
    if (!expired) return;
    addEventListener('focus', again);
    return () => removeEventListener('focus', again);
  }, [expired]);
  const reason = reasons[problem ?? ''];
  return (
    <div class="sign-in">
      {expired ? <p>Your sign-in has ended. What you typed is still here.</p> : <h1>Sign in</h1>}
      {reason ? <p role="alert">{reason}</p> : null}
      <div class="buttons">
        <a class="button primary" href={signInAddress()} {...(expired ? { target: '_blank', rel: 'opener' } : {})}>
          Sign in with Entra ID
        </a>
        {expired ? (
          <button disabled={work.isBusy} onClick={again}>
            I have signed in
          </button>
        ) : null}
      </div>
      {work.error ? <Failure error={work.error} /> : null}
    </div>
  );
}
