// Runs Azurite's table service in this process for BigPanda.LocalHost; the arguments are Azurite's own.
//
// Azurite's own main stops at once on Ctrl+C and ignores SIGTERM. Neither will do here:
//  - Ctrl+C in a terminal reaches this process too, but the host still needs its tables while it drains;
//  - tables reach the disk every five seconds and when Azurite closes, so a process that is ended in
//    any other way forgets the last writes.
// So the pipe on stdin decides: its end (the host stopped, or was killed) closes Azurite the clean way.
// A signal is only a hint: it starts a grace period. A second signal does not wait.
import { createRequire } from 'node:module';

const graceMs = 15_000;
const closingMs = 10_000;
let signalled = false;
let closing = false;

process.on('newListener', (event, listener) => {
  if (event === 'SIGINT' && listener !== onSignal) queueMicrotask(() => process.off('SIGINT', listener));
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);

process.stdin.on('end', close).on('close', close).on('error', close).resume();

// Nobody may be left to read what Azurite prints; that must not keep it from saving.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

const require = createRequire(import.meta.url);

// A client may hold a connection on which it never asked anything. Node counts it as busy for a minute,
// and Azurite saves only after its server has closed: answers under way get a second, then all are cut.
const { Server } = require('node:http');
const closeServer = Server.prototype.close;
Server.prototype.close = function (...args) {
  setTimeout(() => this.closeAllConnections(), 1_000).unref();
  return closeServer.apply(this, args);
};

require('azurite/dist/src/table/main.js');

function onSignal() {
  if (signalled) close();
  signalled = true;
  setTimeout(close, graceMs).unref();
}

function close() {
  if (closing) return;
  closing = true;
  process.stdin.destroy();
  if (process.listenerCount('message') === 0) process.exit(0); // not started yet: nothing to save
  process.emit('message', 'shutdown'); // what Azurite's own hosts send; it does what its SIGINT does
  setTimeout(() => process.exit(1), closingMs).unref();
}
