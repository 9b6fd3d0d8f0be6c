// The bundle that test.mjs has made. The page's parts expect a browser's address and storage: here are empty ones.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const storage = { getItem: () => null, setItem() {}, removeItem() {} };
Object.assign(globalThis, {
  location: { pathname: '/api/console', search: '', hash: '' },
  sessionStorage: storage,
  localStorage: storage,
  addEventListener() {},
});

export function part(name) {
  return import(pathToFileURL(join(process.env.CONSOLE_BUNDLE, `${name}.mjs`)).href);
}
