// Runs tests/*.test.mjs with Node's test runner against the page's pure parts, bundled as they are for the page: `npm test`, and ConsoleLogicTests.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const web = dirname(fileURLToPath(import.meta.url));
const out = mkdtempSync(join(tmpdir(), 'console-tests-'));
try {
  const parts = ['alert/failures', 'alerts/filter', 'alerts/order', 'setup/policyText', 'setup/sourceChange', 'ui/text', 'ui/time'];
  const input = Object.fromEntries(parts.map(part => [part.replace('/', '-'), join(web, 'src', `${part}.ts`)]));
  await build({
    root: web,
    configFile: false,
    logLevel: 'warn',
    build: { ssr: true, outDir: out, rollupOptions: { input, output: { entryFileNames: '[name].mjs', chunkFileNames: 'chunk-[hash].mjs' } } },
    ssr: { noExternal: true },
  });
  const files = readdirSync(join(web, 'tests')).filter(name => name.endsWith('.test.mjs')).map(name => join(web, 'tests', name));
  const run = spawnSync(process.execPath, ['--test', ...files], { stdio: 'inherit', env: { ...process.env, CONSOLE_BUNDLE: out } });
  process.exitCode = run.status ?? 1;
} finally {
  rmSync(out, { recursive: true, force: true });
}
