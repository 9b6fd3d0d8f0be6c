import { useState } from 'preact/hooks';
import { ApiError, send } from '../api/client';
import { Failure } from '../ui/parts';
import { useWork } from '../ui/load';
import { session, signIn } from './session';

/** Asks for a function key and a name. The key is tried before it is kept. */
export function SignIn({ problem }: { problem: string | null }) {
  const [key, setKey] = useState('');
  const [name, setName] = useState(session.value.name);
  const work = useWork();
  const submit = (event: Event) => {
    event.preventDefault();
    work.run(async () => {
      try {
        await send('/alert-rows', { key: key.trim() });
      } catch (error) {
        // The key is good wherever the API answers something else than a refusal: an outage must keep no person out.
        if (!(error instanceof ApiError) || error.status === 401 || error.status === 0) throw error;
      }
      signIn(key.trim(), name.trim());
    });
  };
  return (
    <form class="sign-in" onSubmit={submit}>
      {session.value.expired ? null : <h1>Sign in</h1>}
      {session.value.expired ? <p>The function key was refused: it was deleted or renewed. What you typed is still here.</p> : null}
      {problem ? <p role="alert">{problem} Sign in with the function key instead.</p> : null}
      <label>
        Your name
        <input required maxLength={200} autoComplete="name" value={name} onInput={event => setName(event.currentTarget.value)} />
        <small>Stands beside what you resolve and comment, here and in BigPanda.</small>
      </label>
      <label>
        Function key
        <input
          required
          type="password"
          autoComplete="off"
          spellcheck={false}
          value={key}
          onInput={event => setKey(event.currentTarget.value)}
        />
        <small>
          In Azure: the function app, <b>App keys</b>. With <code>./run</code>: the line “Function key”. Kept until you close this tab.
        </small>
      </label>
      {work.error ? <Failure error={work.error} /> : null}
      <button class="primary" disabled={work.isBusy}>
        {work.isBusy ? 'Checking…' : 'Sign in'}
      </button>
    </form>
  );
}
