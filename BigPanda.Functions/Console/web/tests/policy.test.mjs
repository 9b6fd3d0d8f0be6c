import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { readLines, readRules, writeLines, writeRules } = await part('setup-policyText');

test('rules survive their way through the text', () => {
  const rules = [{ severity: 'critical', environment: 'Prod = 1', key: 'database' }, { source: 'local', key: 'x' }, { key: 'rest' }];
  assert.deepEqual(readRules(writeRules(rules)), rules);
  assert.deepEqual(readRules('severity=critical -> database\n\n'), [{ severity: 'critical', key: 'database' }]);
  assert.equal(writeRules(null), '');
});

test('a value may hold what separates the parts of a rule', () => {
  for (const environment of ['Prod, EU', 'A, severity=critical', 'a → b', 'a -> b', 'say "x"', '"0"', 'C:\\x, y', ' padded ', '"a", "b"']) {
    const rules = [{ environment, severity: 'critical', key: 'x' }];
    assert.deepEqual(readRules(writeRules(rules)), rules, environment);
  }
  assert.deepEqual(readRules('environment = "Prod, EU" , source="b" -> x'), [{ environment: 'Prod, EU', source: 'b', key: 'x' }]);
  assert.throws(() => readRules('environment="a\\q", severity=b → x'), /cannot be read/);
});

test('a line that is no rule is named', () => {
  for (const text of ['severity=critical', 'severity=critical → ', 'color=red → x', 'severity → x', 'a=b → x → y']) assert.throws(() => readRules(text), /“|”/, text);
});

test('pairs survive their way through the text', () => {
  const pairs = { service: 'component', team: 'custom_details.team = x' };
  assert.deepEqual(readLines(writeLines(pairs)), pairs);
  assert.throws(() => readLines('no pair'), /no pair/);
});
