import { useEffect, useState } from 'preact/hooks';

const units: Array<[string, number]> = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
];

/** The two largest units: "2 h 5 min". */
export function duration(fromMs: number, toMs: number): string {
  let seconds = Math.max(0, Math.floor((toMs - fromMs) / 1000));
  const parts: string[] = [];
  for (const [name, size] of units) {
    const whole = Math.floor(seconds / size);
    seconds -= whole * size;
    // Seconds say nothing after ten minutes.
    if (name === 's' && parts.length > 0 && toMs - fromMs >= 600_000) break;
    if (whole > 0) parts.push(`${whole} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 s';
}

export function ago(at: string | number | null | undefined, now: number): string {
  if (at === null || at === undefined) return 'never';
  const time = ms(at);
  if (Math.abs(now - time) < 10_000) return 'just now';
  return time > now + 5_000 ? `in ${duration(now, time)}` : `${duration(time, now).split(' ').slice(0, 2).join(' ')} ago`;
}

export function ms(at: string | number): number {
  return typeof at === 'number' ? at : Date.parse(at);
}

const whole = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });
const dayless = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' });

/** In the reader's time zone. */
export function clock(at: string | number): string {
  return whole.format(ms(at));
}

export function timeOfDay(at: string | number): string {
  return dayless.format(ms(at));
}

export function dayOf(at: string | number): string {
  return day.format(ms(at));
}

/** The present time, which changes while the component is shown. */
export function useNow(everyMs: number): number {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
