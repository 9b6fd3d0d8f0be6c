import { useStore } from '../store';
import { askForNotifications, settings, setSound } from './notify';

/** What this person wants to hear and see of new critical alerts. Both are off until switched on. */
export function Signals() {
  const { sound, notify } = useStore(settings);
  return (
    <>
      <button class="icon" aria-pressed={sound} onClick={() => setSound(!sound)} aria-label="Sound for new critical alerts" title="Sound for new critical alerts">
        ♪
      </button>
      {'Notification' in window ? (
        <button class="icon" aria-pressed={notify} onClick={askForNotifications} aria-label="Desktop notification for new critical alerts" title="Desktop notification for new critical alerts">
          ⚑
        </button>
      ) : null}
    </>
  );
}
