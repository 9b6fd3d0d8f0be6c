// Reads Bicep files with tree-sitter and prints what they declare as JSON, for BigPanda.Functions.Tests/Infra. Not a compiler: names
// and types are not resolved, what is not a plain value stays the text it is written as: { "expr": "..." }.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Language, Parser } from 'web-tree-sitter';

const require = createRequire(import.meta.url);
await Parser.init();
const parser = new Parser();
parser.setLanguage(await Language.load(require.resolve('tree-sitter-bicep/tree-sitter-bicep.wasm')));

const named = (node, ...types) => node.namedChildren.filter(child => types.includes(child.type));
const first = (node, ...types) => named(node, ...types)[0];

// Bicep's own escapes: \\ \' \n \r \t \$ and \u{...}.
const unescape = text => text.replace(/\\(u\{([0-9a-fA-F]+)\}|.)/gs, (_, all, hex) =>
  hex ? String.fromCodePoint(parseInt(hex, 16)) : { n: '\n', r: '\r', t: '\t' }[all] ?? all);

function value(node) {
  switch (node.type) {
    case 'string': {
      if (first(node, 'interpolation')) return { expr: node.text };
      const whole = node.text;
      return whole.startsWith("'''") ? whole.slice(3, -3) : unescape(whole.slice(1, -1));
    }
    case 'number': return Number(node.text);
    case 'boolean': return node.text === 'true';
    case 'null': return null;
    case 'array': return node.namedChildren.filter(child => child.type !== 'comment').map(value);
    case 'object': return object(node);
    case 'for_statement': return { for: node.childForFieldName('initializer')?.text ?? '', in: loopOver(node), each: value(node.childForFieldName('body')) };
    case 'if_statement': return { if: first(node, 'parenthesized_expression').text, then: value(first(node, 'object')) };
    default: return { expr: node.text };
  }
}

function loopOver(node) {
  const expressions = node.namedChildren.filter(child => !child.equals(node.childForFieldName('body')));
  return expressions.at(-1)?.text ?? '';
}

function object(node) {
  const result = {};
  for (const property of named(node, 'object_property')) {
    const [key, content] = property.namedChildren.filter(child => child.type !== 'comment');
    if (!content) continue;
    result[key.type === 'string' ? value(key)?.expr ?? value(key) : key.text] = value(content);
  }
  return result;
}

// Decorators come before what they decorate, as its siblings.
function decorators(statement) {
  const result = {};
  for (let node = statement.previousNamedSibling; node && ['decorators', 'comment'].includes(node.type); node = node.previousNamedSibling) {
    for (const decorator of named(node, 'decorator')) {
      const call = first(decorator, 'call_expression');
      const argument = first(call, 'arguments')?.namedChildren[0];
      result[call.childForFieldName('function').text.replace(/^sys\./, '')] = argument ? value(argument) : true;
    }
    if (node.type === 'decorators') break;
  }
  return result;
}

const last = node => node.namedChildren.at(-1);

function resource(statement) {
  const [name, type, content] = statement.namedChildren.filter(child => child.type !== 'comment');
  const [kind, version] = value(type).split('@');
  return { name: name.text, type: kind, version: version ?? '', existing: / existing =/.test(statement.text.split('\n')[0]), body: value(content) };
}

function declaration(statement, file) {
  switch (statement.type) {
    case 'target_scope_assignment': file.scope = value(last(statement)); break;
    case 'parameter_declaration': {
      const [name, type, content] = statement.namedChildren;
      file.parameters.push({ name: name.text, type: type.text, hasDefault: Boolean(content), default: content ? value(content) : null, decorators: decorators(statement) });
      break;
    }
    case 'assignment_expression':
    case 'variable_declaration': file.variables[statement.namedChildren[0].text] = value(last(statement)); break;
    case 'resource_declaration': file.resources.push(resource(statement)); break;
    case 'module_declaration': {
      const [name, path, content] = statement.namedChildren.filter(child => child.type !== 'comment');
      file.modules.push({ name: name.text, path: value(path), body: value(content) });
      break;
    }
    case 'output_declaration': file.outputs.push({ name: statement.namedChildren[0].text, value: value(last(statement)), decorators: decorators(statement) }); break;
    case 'using_statement': file.using = value(last(statement)); break;
  }
}

function faults(node, found = []) {
  if (node.isError || node.isMissing) found.push(`line ${node.startPosition.row + 1}: ${node.text.split('\n')[0].slice(0, 80)}`);
  else for (const child of node.children) faults(child, found);
  return found;
}

// The grammar wants a type after a parameter's name, which a .bicepparam file has none of.
const untyped = text => text.replace(/^param (?=\w+ =)/gm, 'var   ');

function read(path) {
  const text = readFileSync(path, 'utf8');
  const root = parser.parse(path.endsWith('.bicepparam') ? untyped(text) : text).rootNode;
  const file = { path, faults: root.hasError ? faults(root) : [], scope: null, using: null, parameters: [], variables: {}, resources: [], modules: [], outputs: [] };
  for (const statement of root.namedChildren) declaration(first(statement, ...DECLARATIONS) ?? statement, file);
  return file;
}

const DECLARATIONS = ['parameter_declaration', 'variable_declaration', 'resource_declaration', 'module_declaration', 'output_declaration'];

console.log(JSON.stringify(process.argv.slice(2).map(read)));
