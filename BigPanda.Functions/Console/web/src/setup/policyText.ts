import type { PagingPolicy } from '../../.generated/openapi';
import { ApiError } from '../api/client';

type Rule = NonNullable<PagingPolicy['rules']>[number];

/** Holds what separates the parts of a rule. */
const needsQuotes = /[,"→]|->|^\s|\s$/;

const quoted = /(?<=[=]\s*)"(?:[^"\\]|\\.)*"(?=\s*(?:,|→|->|$))/g;

/** `severity=critical, environment="Prod, EU" → database`, a rule a line. */
export function writeRules(rules: PagingPolicy['rules']): string {
  return (rules ?? [])
    .map(({ key, ...conditions }) => {
      const texts = Object.entries(conditions).flatMap(([name, value]) => (value ? [`${name}=${needsQuotes.test(value) ? JSON.stringify(value) : value}`] : []));
      return `${texts.join(', ')} → ${key}`.trim();
    })
    .join('\n');
}

/** @throws For a line that is no rule, with the line. */
export function readRules(text: string): Rule[] {
  return linesOf(text).map(line => {
    const values: string[] = [];
    const plain = line.replace(quoted, text => `"${values.push(text) - 1}"`);
    const [conditions = '', key, ...rest] = plain.split(/\s*(?:→|->)\s*/);
    if (!key || rest.length > 0) throw invalid(`The rule “${line}” needs “→” and the name of a routing key.`);
    const rule: Rule = { key: key.trim() };
    for (const condition of conditions.split(',').map(part => part.trim()).filter(Boolean)) {
      const [name, value] = pairOf(condition);
      if (name !== 'environment' && name !== 'severity' && name !== 'source') throw invalid(`“${name}” is no condition of a rule: use environment, severity or source.`);
      rule[name] = /^"\d+"$/.test(value) ? textOf(values[Number(value.slice(1, -1))] ?? '', line) : value;
    }
    return rule;
  });
}

/** "name = value", a pair a line. */
export function writeLines(pairs: Record<string, string> | null | undefined): string {
  return Object.entries(pairs ?? {})
    .map(([name, value]) => `${name} = ${value}`)
    .join('\n');
}

export function readLines(text: string): Record<string, string> {
  return Object.fromEntries(linesOf(text).map(pairOf));
}

function textOf(quotedText: string, line: string): string {
  try {
    return JSON.parse(quotedText) as string;
  } catch {
    throw invalid(`The rule “${line}” has a text in quotes that cannot be read: write a quote in it as \\" and a backslash as \\\\.`);
  }
}

function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(Boolean);
}

function pairOf(text: string): [string, string] {
  const at = text.indexOf('=');
  if (at < 1) throw invalid(`“${text}” needs “=”.`);
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
}

function invalid(message: string): ApiError {
  return new ApiError(400, 'invalid-body', message);
}
