import { useStore } from '../store';
import { useWork } from '../ui/load';
import { Failure } from '../ui/parts';
import { askSignIn, session, signInAddress, signOutAddress } from './session';

/**
 * Leads to Entra ID. When a sign-in has ended, in another tab: this one keeps what was typed, and goes on once a person has signed in there.
 * @param refusal Why who has signed in is not accepted: Entra ID would sign in the same account again without a question.
 */
export function EntraSignIn({ refusal }: { refusal: string | null }) {
  const { expired } = useStore(session);
  const work = useWork();
  const again = () =>
    work.run(async () => {
      const { name } = await askSignIn();
      if (name === null) throw new Error('No person has signed in yet.');
    });
  return (
    <div class="sign-in">
      {expired ? <p>Your sign-in has ended. What you typed is still here.</p> : <h1>Sign in</h1>}
      {refusal ? <p role="alert">{refusal}</p> : null}
      <div class="buttons">
        {refusal ? (
          <a class="button" href={signOutAddress()}>
            Sign out
          </a>
        ) : null}
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

/** A person of the organisation whom no role lets see anything. */
export function NoRole({ name }: { name: string }) {
  return (
    <div class="sign-in">
      <h1>You have no role here</h1>
      <p>
        <bdi>{name}</bdi> has signed in, and has none of the roles Reader, Responder and Admin. An owner of the enterprise application in Entra ID assigns them. A role
        counts from the next sign-in.
      </p>
      <div class="buttons">
        <a class="button" href={signOutAddress()}>
          Sign out
        </a>
        <a class="button primary" href={signInAddress()}>
          Sign in again
        </a>
      </div>
    </div>
  );
}
