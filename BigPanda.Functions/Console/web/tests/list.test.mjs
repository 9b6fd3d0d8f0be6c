import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { countBy, levelOf, matcher, readFilter, severityOf, writeFilter } = await part('alerts-filter');
const { arrange, marksOf, unread } = await part('alerts-order');

const row = (incidentId, more = {}) => ({
  incidentId, status: 'firing', title: `Title of ${incidentId}`, severity: 'critical', episode: 1, lastFiredAt: '2026-11-27T10:00:00Z',
  updatedAt: '2026-11-27T10:00:00Z', hosts: [], sources: ['local'], ...more,
});
const rows = (...list) => new Map(list.map(one => [one.incidentId, one]));
const everything = { status: 'all', severity: '', environment: '', source: '', acknowledged: '', text: '' };
const ids = (filter, list) => list.filter(matcher({ ...everything, ...filter })).map(one => one.incidentId);

test('a filter survives its way through the address', () => {
  const filters = [
    everything,
    { status: 'attention', severity: 'critical', environment: 'Prod & Co = 1', source: 'a/b', acknowledged: 'no', text: 'disk ü #?&' },
    { ...everything, status: 'firing' },
  ];
  for (const filter of filters) assert.deepEqual(readFilter(new URLSearchParams(writeFilter(filter).toString())), filter);
  assert.equal(writeFilter({ ...everything, status: 'firing' }).toString(), '');
});

test('an address with unknown values shows what fires', () => {
  assert.deepEqual(readFilter(new URLSearchParams('status=other&acknowledged=maybe')), { ...everything, status: 'firing' });
});

test('each filter selects what it names', () => {
  const list = [
    row('a', { environment: 'Production', acknowledged: true }),
    row('b', { severity: 'Warning', sources: ['other'], hosts: ['db-01'] }),
    row('c', { status: 'resolved', severity: undefined, resolvedBy: 'Ada' }),
    row('d', { status: 'resolved', bigPanda: 'failed' }),
  ];
  assert.deepEqual(ids({ status: 'firing' }, list), ['a', 'b', 'd']);
  assert.deepEqual(ids({ status: 'attention' }, list), ['d']);
  assert.deepEqual(ids({ status: 'resolved' }, list), ['c', 'd']);
  assert.deepEqual(ids({ severity: 'warning' }, list), ['b']);
  assert.deepEqual(ids({ severity: 'none' }, list), ['c']);
  assert.deepEqual(ids({ environment: 'Production' }, list), ['a']);
  assert.deepEqual(ids({ source: 'other' }, list), ['b']);
  assert.deepEqual(ids({ acknowledged: 'no' }, list), ['b', 'c', 'd']);
  assert.deepEqual(ids({ text: 'DB-01 title' }, list), ['b']);
  assert.deepEqual(ids({ text: 'ada' }, list), ['c']);
  assert.deepEqual(ids({ text: 'db-01 ada' }, list), []);
});

test('what waits for a person comes first, then the worst, then the last fired', () => {
  const list = rows(
    row('failed', { status: 'resolved', bigPanda: 'failed', lastFiredAt: '2026-11-27T08:00:00Z' }), row('parked', { pagerDuty: 'parked', severity: 'low' }),
    row('old', { lastFiredAt: '2026-11-27T09:00:00Z' }), row('warning', { severity: 'warning', lastFiredAt: '2026-11-27T11:00:00Z' }), row('new'),
    row('over', { status: 'resolved', lastFiredAt: '2026-11-27T12:00:00Z' }), row('odd', { severity: '<b>' }),
  );
  assert.deepEqual(arrange([], list, () => true, false).ids, ['parked', 'failed', 'new', 'old', 'warning', 'odd', 'over']);
});

test('a list that is held keeps its order, with rows that no longer match, and counts new ones', () => {
  const matches = matcher({ ...everything, status: 'firing' });
  const before = arrange([], rows(row('a'), row('b'), row('c')), matches, false).ids;
  const after = rows(row('new', { lastFiredAt: '2026-11-27T11:00:00Z' }), row('a', { status: 'resolved' }), row('b'), row('c'));
  assert.deepEqual(arrange(before, after, matches, true), { ids: ['a', 'b', 'c'], waiting: 1 });
  assert.deepEqual(arrange(before, after, matches, false), { ids: ['new', 'b', 'c'], waiting: 0 });
});

test('a row that is gone leaves a held list too', () => {
  assert.deepEqual(arrange(['a', 'b'], rows(row('b')), () => true, true).ids, ['b']);
});

test('what a read brought is marked, and the first read marks nothing', () => {
  const before = rows(row('same'), row('changed'), row('over'), row('again', { status: 'resolved' }), row('late', { status: 'resolved' }));
  const later = { updatedAt: '2026-11-27T10:05:00Z' };
  const after = rows(
    row('same', later), row('changed', { ...later, title: 'Other' }), row('over', { ...later, status: 'resolved' }), row('again', later), row('new'),
    row('late', { status: 'resolved' }), row('unseen', { status: 'resolved' }),
  );
  assert.deepEqual([...marksOf(before, after)], [['changed', 'changed'], ['over', 'resolved'], ['again', 'new'], ['new', 'new']]);
  assert.equal(marksOf(unread, after).size, 0);
  assert.deepEqual([...marksOf(new Map(), new Map([...after].slice(0, 1))).values()], ['new']);
});

test('values of a filter are counted, the most frequent first, at most fifty', () => {
  const list = Array.from({ length: 60 }, (_, i) => row(`${i}`, { environment: i < 3 ? 'often' : `env-${i}` }));
  const counted = countBy(list, one => [one.environment]);
  assert.deepEqual(counted[0], { value: 'often', count: 3 });
  assert.equal(counted.length, 50);
});

test('a severity is a name of a fixed set in the style sheet, whatever a monitor sends', () => {
  for (const severity of ['critical', 'WARNING', 'x" onload="', '__proto__', 'constructor', undefined])
    assert.match(levelOf(severityOf(row('a', { severity }))), /^(critical|high|warning|low)$/);
});
