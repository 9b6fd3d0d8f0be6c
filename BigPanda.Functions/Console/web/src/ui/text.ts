/** Longer texts are cut on the page; the alert's own page has the whole text. */
const longest = 4000;

// Controls, zero-width characters and the marks that reverse the reading direction can make a text look like another one.
const invisible = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from outside as people should see it: what is invisible is shown as a mark. */
export function visible(text: unknown, limit = longest): string {
  const all = typeof text === 'string' ? text : text === null || text === undefined ? '' : typeof text === 'object' ? JSON.stringify(text) : String(text);
  const cut = all.length > limit ? `${all.slice(0, limit)}…` : all;
  return cut.replace(invisible, '\ufffd');
}

/** @returns The address; null for what is no absolute http or https address, and so must not become a link. */
export function safeUrl(text: unknown): URL | null {
  if (typeof text !== 'string') return null;
  try {
    const url = new URL(text);
    return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === '' ? url : null;
  } catch {
    return null;
  }
}

/** "1 alert", "2 alerts". */
export function count(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

/** inSync → in sync. */
export function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, (_, before: string, after: string) => `${before} ${after.toLowerCase()}`);
}

const names: Record<string, string> = { bigPanda: 'BigPanda', pagerDuty: 'PagerDuty', serviceBus: 'Service Bus', tableStorage: 'Table Storage', keyVault: 'Key Vault' };

/** A part of the bridge by the name that people know. */
export function partName(name: string): string {
  return names[name] ?? capital(words(name));
}

/** "What": the first letter as a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
