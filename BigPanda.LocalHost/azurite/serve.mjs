// Runs Azurite's table service in this process for BigPanda.LocalHost; the arguments are Azurite's.
//
// Azurite's main stops at once on Ctrl+C and ignores SIGTERM. Neither is acceptable here:
//  - Ctrl+C in a terminal reaches this process too, but the host still needs its tables while it drains;
//  - Azurite saves the tables every five seconds and when it closes; ended in any other way it loses the last writes.
// So the pipe on stdin decides: when it closes (the host stopped or was killed), Azurite closes cleanly.
// A signal only starts a grace period; a second signal closes Azurite at once.
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

// The reader of Azurite's output may be gone; that must not keep it from saving.
for (const output of [process.stdout, process.stderr]) output.on('error', () => {});

const require = createRequire(import.meta.url);

// Node counts a connection that never sent a request as busy for a minute, and Azurite saves only after its
// server has closed. So responses in progress get a second, then all connections are closed.
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
  process.emit('message', 'shutdown'); // as Azurite's hosts do; the same as its SIGINT
  setTimeout(() => process.exit(1), closingMs).unref();
}
