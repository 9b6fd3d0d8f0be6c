import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { changeOf, optionsOf } = await part('setup-sourceChange');

const monitor = { name: 'Scripts', titleTemplate: null, appKey: null, silentAfterHours: 24, oneTime: false, flatten: false, okAfterHours: 24 };
const webhook = { ...monitor, name: 'Production', titleTemplate: '{primary}', appKey: '…x3f9', flatten: null, okAfterHours: null };
const of = (source, part, name = source.name) => changeOf(source, name, { ...optionsOf(source), ...part });

test('only what was changed is sent', () => {
  for (const source of [monitor, webhook]) {
    assert.deepEqual(of(source, {}), {});
    assert.deepEqual(of(source, {}, ' New '), { name: 'New' });
    assert.deepEqual(of(source, { silentAfterHours: '48' }), { silentAfterHours: 48 });
  }
  assert.deepEqual(of(monitor, { flatten: true, okAfterHours: '0' }), { flatten: true, okAfterHours: 0 });
  assert.deepEqual(of(webhook, { oneTime: true, appKey: ' k ' }), { oneTime: true, appKey: 'k' });
});

test('an emptied field and a removed key are cleared', () => {
  assert.deepEqual(of(monitor, { silentAfterHours: '', okAfterHours: ' ' }), { silentAfterHours: null, okAfterHours: null });
  assert.deepEqual(of(webhook, { titleTemplate: '' }), { titleTemplate: null });
  assert.deepEqual(of(webhook, { removesAppKey: true, appKey: 'k' }), { appKey: null });
});
