// Turns the schemas of openapi.json into TypeScript types, so that the compiler compares the page with the API it calls.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export function writeTypes(openApi, file) {
  const { schemas } = JSON.parse(readFileSync(openApi, 'utf8')).components;
  const types = Object.entries(schemas).map(([name, schema]) => `export type ${name} = ${typeOf(schema, '')};`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `// Written by types.mjs from openapi.json.\n${types.join('\n\n')}\n`);
}

function typeOf(schema, indent) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.oneOf ?? schema.anyOf) return (schema.oneOf ?? schema.anyOf).map(one => typeOf(one, indent)).join(' | ');
  if (schema.allOf) return schema.allOf.map(one => typeOf(one, indent)).join(' & ');
  if (schema.enum) return schema.enum.map(value => JSON.stringify(value)).join(' | ');
  const kinds = [schema.type ?? 'unknown'].flat();
  return kinds.map(kind => kindOf(kind, schema, indent)).join(' | ');
}

function kindOf(kind, schema, indent) {
  switch (kind) {
    case 'integer': return 'number';
    case 'array': return `Array<${typeOf(schema.items ?? {}, indent)}>`;
    case 'object': return objectOf(schema, indent);
    case 'string': case 'number': case 'boolean': case 'null': case 'unknown': return kind;
    default: throw new Error(`openapi.json has a type that types.mjs does not know: ${kind}.`);
  }
}

function objectOf(schema, indent) {
  const inner = `${indent}  `;
  const members = Object.entries(schema.properties ?? {}).map(([name, member]) => {
    const isRequired = schema.required?.includes(name);
    const note = member.description ? `${inner}/** ${member.description.replaceAll('*/', '*')} */\n` : '';
    return `${note}${inner}${/^\w+$/.test(name) ? name : JSON.stringify(name)}${isRequired ? '' : '?'}: ${typeOf(member, inner)};`;
  });
  const { additionalProperties: more } = schema;
  if (members.length === 0) return more === false ? 'Record<string, never>' : `Record<string, ${typeof more === 'object' ? typeOf(more, inner) : 'unknown'}>`;
  if (more === true) members.push(`${inner}[name: string]: unknown;`);
  return `{\n${members.join('\n')}\n${indent}}`;
}
