import type { AlertRow } from '../../.generated/openapi';
import { Store } from '../store';
import { visible } from '../ui/text';
import { feed } from './feed';
import { levelOf, severityOf } from './filter';
import { marksOf, unread } from './order';

interface Settings {
  sound: boolean;
  notify: boolean;
}

const soundItem = 'console.sound';
const notifyItem = 'console.notify';
const most = 3;

export const settings = new Store<Settings>({ sound: stored(soundItem), notify: stored(notifyItem) && permission() === 'granted' });

let audio: AudioContext | null = null;

export function setSound(sound: boolean): void {
  keep(soundItem, sound);
  settings.update({ sound });
  // Heard at once: a person knows then what to listen for, and the browser allows sound after a click only.
  if (sound) beep();
}

export async function askForNotifications(): Promise<void> {
  const notify = !settings.value.notify && (await Notification.requestPermission()) === 'granted';
  keep(notifyItem, notify);
  settings.update({ notify });
}

/** The tab's title counts what fires; new critical alerts make a sound and a notification where a person wants that. */
export function startSignals(): void {
  let before = unread;
  // After a reload the browser allows no sound before a person has touched the page.
  for (const touch of ['pointerdown', 'keydown']) addEventListener(touch, () => settings.value.sound && void sound().resume(), { once: true });
  feed.watch(({ rows, failedSince }) => {
    const firing = [...rows.values()].filter(row => row.status === 'firing');
    document.title = `${failedSince === null ? '' : '⚠ '}${firing.length > 0 ? `(${firing.length}) ` : ''}Alerts`;
    if (rows === before) return;
    const fresh = [...marksOf(before, rows)].filter(([id, mark]) => mark === 'new' && isCritical(rows.get(id))).map(([id]) => rows.get(id));
    before = rows;
    if (fresh.length === 0) return;
    if (settings.value.sound) beep();
    if (settings.value.notify) fresh.slice(0, most).forEach(row => row && show(row, fresh.length));
  });
}

function isCritical(row: AlertRow | undefined): boolean {
  return row !== undefined && levelOf(severityOf(row)) === 'critical';
}

function show(row: AlertRow, total: number): void {
  const body = [row.environment, ...row.hosts, total > most ? `and ${total - most} more` : ''].filter(Boolean).map(text => visible(text, 60)).join(' · ');
  try {
    const note = new Notification(visible(row.title, 120), { body, tag: row.incidentId });
    note.onclick = () => window.focus();
  } catch {
    // Chrome on Android grants the permission and has no such constructor.
    settings.update({ notify: false });
  }
}

function sound(): AudioContext {
  return (audio ??= new AudioContext());
}

function beep(): void {
  const output = sound();
  const [tone, volume, at] = [output.createOscillator(), output.createGain(), output.currentTime];
  tone.frequency.setValueAtTime(880, at);
  tone.frequency.setValueAtTime(660, at + 0.15);
  volume.gain.setValueAtTime(0.2, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.4);
  tone.connect(volume).connect(output.destination);
  tone.start(at);
  tone.stop(at + 0.4);
}

function permission(): NotificationPermission {
  return 'Notification' in window ? Notification.permission : 'denied';
}

function stored(item: string): boolean {
  try {
    return localStorage.getItem(item) === 'on';
  } catch {
    return false;
  }
}

function keep(item: string, on: boolean): void {
  try {
    localStorage.setItem(item, on ? 'on' : 'off');
  } catch {
    // Storage is switched off: it lasts until the page is reloaded.
  }
}
