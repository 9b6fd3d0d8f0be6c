import { useState } from 'preact/hooks';
import { useStore } from '../store';
import { Field } from '../ui/fields';
import { rename, session, signOut, signOutAddress } from './session';

/** Who is signed in: the name can be changed, since it stands in timelines and in BigPanda. */
export function PersonMenu() {
  const { name, entra } = useStore(session);
  const [text, setText] = useState(name);
  return (
    <details class="menu" onToggle={() => setText(name)}>
      <summary>
        <span aria-hidden="true">{initials(name)}</span>
        <span class="sr-only">Signed in as {name}</span>
      </summary>
      <div class="popup">
        {entra ? (
          <>
            <p>
              <bdi>{name}</bdi>: {entra.role ?? 'no role'}
            </p>
            <a class="button" href={signOutAddress()}>
              Sign out
            </a>
          </>
        ) : (
        <form
          onSubmit={event => {
            event.preventDefault();
            rename(text.trim());
            event.currentTarget.closest('details')?.removeAttribute('open');
          }}
        >
          <Field label="Your name" required maxLength={200} value={text} onText={setText} hint="Stands beside what you do." />
          <div class="buttons">
            <button class="primary" disabled={text.trim() === '' || text.trim() === name}>
              Save
            </button>
            <button type="button" onClick={signOut}>
              Sign out
            </button>
          </div>
        </form>
        )}
      </div>
    </details>
  );
}

function initials(name: string): string {
  const parts = name.split(/[\s@._-]+/).filter(Boolean);
  return (parts.slice(0, 2).map(part => [...part][0]).join('') || '?').toUpperCase();
}
