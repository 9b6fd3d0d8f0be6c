import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { openFailures } = await part('alert-failures');

const action = (kind, state, destination = 'BigPanda') => ({ actionId: `${kind} ${state}`, kind, state, destination });
const ids = (...steps) => openFailures(steps.map(actions => ({ actions }))).map(one => one.actionId);

test('a failed close is shown until a later one replaces it', () => {
  assert.deepEqual(ids([action('close', 'failed')]), ['close failed']);
  assert.deepEqual(ids([action('close', 'failed')], [action('close', 'done')]), []);
  assert.deepEqual(ids([action('close', 'failed')], [action('page', 'done', 'PagerDuty')]), ['close failed']);
});

test('a page is replaced by its update, a comment by nothing', () => {
  assert.deepEqual(ids([action('page', 'failed', 'PagerDuty')], [action('page-update', 'done', 'PagerDuty')]), []);
  assert.deepEqual(ids([action('comment', 'failed')], [action('comment', 'done'), action('close', 'failed')]), ['close failed', 'comment failed']);
});

test('what has not failed is no failure', () => assert.deepEqual(ids([action('close', 'retrying'), action('comment', 'parked')]), []));
