import assert from 'node:assert/strict';
import { test } from 'node:test';
import { part } from './bundle.mjs';

const { safeUrl, visible, words, count } = await part('ui-text');

test('only absolute http and https addresses become links', () => {
  for (const text of ['https://wiki.example.com/a?b=c#d', 'http://10.0.0.1:8080/', '  https://example.com/spaces  ']) assert.ok(safeUrl(text), text);
  const refused = [
    'javascript:alert(1)', 'JaVaScRiPt:alert(1)', ' javascript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,<script>', 'vbscript:x', 'file:///etc/passwd',
    'mailto:a@example.com', 'blob:https://example.com/1', '//example.com/x', '/relative', 'relative', '', 'https://', 'https://user:password@example.com/',
    'about:blank', 'ftp://example.com/', null, undefined, 7, {}, ['https://example.com'],
  ];
  for (const text of refused) assert.equal(safeUrl(text), null, String(text));
});

test('an address is normalised, so that what is shown is where it leads', () => {
  assert.equal(safeUrl('HTTPS://EXAMPLE.com/%2e%2e/a').href, 'https://example.com/a');
  assert.equal(safeUrl('https://examp\u200ble.com/').host, 'example.com');
});

test('what is invisible is shown', () => {
  assert.equal(visible('a\u202egnp.exe'), 'a\ufffdgnp.exe');
  assert.equal(visible('a\u0000b\u200bc\u2066d\ufeff\u001b[31m'), 'a\ufffdb\ufffdc\ufffdd\ufffd\ufffd[31m');
  assert.equal(visible('line\none\ttab'), 'line\none\ttab');
});

test('anything becomes text', () => {
  assert.equal(visible(null), '');
  assert.equal(visible(undefined), '');
  assert.equal(visible(0), '0');
  assert.equal(visible({ type: 'script', props: { children: 'x' } }), '{"type":"script","props":{"children":"x"}}');
  assert.equal(visible('x'.repeat(10), 4), 'xxxx…');
});

test('names become words', () => {
  assert.equal(words('notPaged'), 'not paged');
  assert.equal(count(1, 'alert'), '1 alert');
  assert.equal(count(5000, 'alert'), '5,000 alerts');
});
