// Builds the console into the folder that is given: index.html and assets/, each file also compressed. MSBuild calls it when an input has
// changed; `node build.mjs` builds into dist/. Several builds may run at once: they wait for each other, and the second finds the work done.
import { execFileSync, execSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const web = dirname(fileURLToPath(import.meta.url));
const openApi = join(web, '..', '..', 'Operations', 'openapi.json');
const [wanted = join(web, 'dist'), ...rest] = process.argv.slice(2);
if (wanted.startsWith('-') || rest.length > 0) fail('Usage: node build.mjs [the folder to build into; dist without one]');
const out = resolve(wanted);
const stamp = `${out}.built-from`;
const modules = join(web, 'node_modules');

requireNode();
mkdirSync(dirname(out), { recursive: true });
const unlock = await lock(join(web, '.build-lock'));
try {
  const inputs = hashInputs();
  if (!existsSync(join(out, 'index.html')) || read(stamp) !== inputs) {
    install();
    await import('./types.mjs').then(({ writeTypes }) => writeTypes(openApi, join(web, '.generated', 'openapi.ts')));
    run(process.execPath, [join(modules, 'typescript', 'bin', 'tsc'), '--noEmit']);
    await bundle();
  }
  writeFileSync(stamp, inputs);
} finally {
  unlock();
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 12) || (major === 20 && minor >= 19)) return;
  fail(`The console is built with Node.js 20.19, 22.12 or newer; node is ${process.versions.node}. Install a newer one and build again.`);
}

/** npm ci, unless the modules are those of the lock file. Scripts of packages do not run. */
function install() {
  const wanted = hash(readFileSync(join(web, 'package-lock.json')));
  const installed = join(modules, '.installed-from');
  if (read(installed) === wanted) return;
  try {
    execSync('npm ci --ignore-scripts --no-audit --no-fund', { cwd: web, stdio: ['ignore', 'pipe', 'pipe'] });
  } catch (error) {
    fail(`npm ci failed in ${web}:\n${error.stdout ?? ''}${error.stderr ?? error}`);
  }
  writeFileSync(installed, wanted);
}

/** Into a new folder that takes the place of the old one: a reader never finds half of it. */
async function bundle() {
  const unfinished = `${out}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  const { build } = await import('vite');
  await build({ root: web, configFile: join(web, 'vite.config.ts'), logLevel: 'warn', build: { outDir: unfinished, emptyOutDir: true } });
  for (const file of list(unfinished)) {
    const content = readFileSync(file);
    const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: content.length };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params: quality }));
    writeFileSync(`${file}.gzip`, gzipSync(content, { level: 9 }));
  }
  rmSync(out, { recursive: true, force: true });
  renameSync(unfinished, out);
}

/** Every file that decides what comes out, by content: a checkout or a merge changes times, not content. */
function hashInputs() {
  const files = [...list(join(web, 'src')), ...readdirSync(web).filter(isInput).map(name => join(web, name)), openApi].sort();
  return hash(files.map(file => `${file.slice(web.length)} ${hash(readFileSync(file))}`).join('\n') + process.versions.node);
}

function isInput(name) {
  return /\.(html|json|mjs|ts)$|^\.npmrc$/.test(name) && statSync(join(web, name)).isFile();
}

function list(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry =>
    entry.isDirectory() ? list(join(folder, entry.name)) : [join(folder, entry.name)]);
}

function run(command, args) {
  try {
    execFileSync(command, args, { cwd: web, stdio: ['ignore', 'pipe', 'pipe'], encoding: 'utf8' });
  } catch (error) {
    fail(`${error.stdout ?? ''}${error.stderr ?? error}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

function hash(content) {
  return createHash('sha256').update(content).digest('hex');
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : null;
}

/** The file names the process that holds it: one that has died holds it no longer. */
async function lock(file) {
  for (;;) {
    try {
      const handle = openSync(file, 'wx');
      writeSync(handle, String(process.pid));
      closeSync(handle);
      const unlock = () => rmSync(file, { force: true });
      process.on('exit', unlock);
      return unlock;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      if (!isHeld(file)) tryDelete(file);
      await new Promise(done => setTimeout(done, 100));
    }
  }
}

function isHeld(file) {
  const holder = Number(read(file));
  // Just created, and its process id not written yet.
  if (!holder) return true;
  try {
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function tryDelete(file) {
  try {
    unlinkSync(file);
  } catch {
    // Another build has deleted it.
  }
}
