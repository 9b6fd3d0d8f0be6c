import type { ComponentChildren } from 'preact';
import { follow, href, type Page } from './route';
import { Live } from './Live';
import { PersonMenu } from './PersonMenu';

const tabs: Array<[Page, string]> = [
  ['alerts', 'Alerts'],
  ['health', 'Health'],
  ['setup', 'Set-up'],
];

/** The frame of every page. */
export function Shell({ page, children }: { page: Page | null; children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <a class="home" href={href('alerts')} onClick={follow} aria-label="Alert bridge">
          <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
            <path d="M2 15V12a8 8 0 0 1 16 0v3M2 15h16M6 15v-2.5M10 15V8M14 15v-2.5" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" />
          </svg>
          <span>Alert bridge</span>
        </a>
        <nav aria-label="Pages">
          {tabs.map(([tab, label]) => (
            <a key={tab} href={href(tab)} onClick={follow} aria-current={tab === page || (tab === 'alerts' && page === 'alert') ? 'page' : undefined}>
              {label}
            </a>
          ))}
        </nav>
        <Live />
        <PersonMenu />
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
