import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { ago, duration } = await part('ui-time');
const [second, minute, hour, day] = [1_000, 60_000, 3_600_000, 86_400_000];

test('a duration has its two largest units, without seconds after ten minutes', () => {
  const rows = [
    [0, '0 s'], [-5 * second, '0 s'], [59 * second, '59 s'], [90 * second, '1 min 30 s'], [10 * minute + 30 * second, '10 min'], [hour, '1 h'],
    [2 * hour + 5 * minute + 7 * second, '2 h 5 min'], [day + 30 * second, '1 d'], [3 * day + 4 * hour + 9 * minute, '3 d 4 h'],
  ];
  for (const [length, text] of rows) assert.equal(duration(0, length), text);
});

test('a time is said from now, also one ahead of this clock', () => {
  const now = Date.parse('2026-11-27T12:00:00Z');
  assert.equal(ago('2026-11-27T11:57:00Z', now), '3 min ago');
  assert.equal(ago('2026-11-27T11:59:58Z', now), 'just now');
  assert.equal(ago('2026-11-27T12:00:03Z', now), 'just now');
  assert.equal(ago('2026-11-27T12:05:00Z', now), 'in 5 min');
  assert.equal(ago(null, now), 'never');
});
