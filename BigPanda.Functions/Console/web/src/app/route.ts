import { Store } from '../store';

/** The console's address below the host. */
export const root = '/api/console';

export const pages = ['alerts', 'alert', 'health', 'setup'] as const;
export type Page = (typeof pages)[number];

/** What the address says: the page and its parameters, such as filters. An incident id may contain anything, so it is no path segment. */
export interface Route {
  page: Page | null;
  query: URLSearchParams;
}

function read(): Route {
  const name = location.pathname.slice(root.length).replace(/^\/|\/$/g, '') || 'alerts';
  return { page: pages.find(page => page === name) ?? null, query: new URLSearchParams(location.search) };
}

export const route = new Store<Route>(read());

addEventListener('popstate', () => route.set(read()));

export function href(page: Page, query: Record<string, string> | URLSearchParams = {}): string {
  const text = new URLSearchParams(query).toString();
  return `${root}/${page}${text && `?${text}`}`;
}

export function go(to: string): void {
  history.pushState(null, '', to);
  route.set(read());
  scrollTo(0, 0);
}

/** The address follows a filter without a new step for the back button. */
export function replace(page: Page, query: URLSearchParams): void {
  history.replaceState(null, '', href(page, query));
  route.set(read());
}

/** For links inside the console: a plain click stays in the page, every other click is the browser's. */
export function follow(event: MouseEvent): void {
  const link = event.currentTarget as HTMLAnchorElement;
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.pathname + link.search);
}
