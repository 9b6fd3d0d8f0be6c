// Parses and binds queries: reads { "<name>": "<query>" } from standard input and prints one error per line.
require('@kusto/language-service-next/bridge.min.js');
require('@kusto/language-service-next/Kusto.Language.Bridge.min.js');
const { readFileSync } = require('node:fs');
const { Kusto } = globalThis;
const { KustoCode, GlobalState, Symbols } = Kusto.Language;

// The documented columns, except those that no query should use.
const common = 'timestamp: datetime, itemId: string, itemType: string, itemCount: int, customDimensions: dynamic, customMeasurements: dynamic, operation_Name: string, '
  + 'operation_Id: string, operation_ParentId: string, cloud_RoleName: string, cloud_RoleInstance: string';
const schema = {
  traces: `(${common}, message: string, severityLevel: int)`,
  requests: `(${common}, id: string, source: string, name: string, url: string, success: string, resultCode: string, duration: real, performanceBucket: string)`,
  dependencies: `(${common}, id: string, target: string, type: string, name: string, data: string, success: string, resultCode: string, duration: real, performanceBucket: string)`,
  exceptions: `(${common}, problemId: string, type: string, message: string, assembly: string, method: string, outerType: string, outerMessage: string, `
    + 'innermostType: string, innermostMessage: string, severityLevel: int, details: dynamic)',
  customMetrics: `(${common}, name: string, value: real, valueCount: int, valueSum: real, valueMin: real, valueMax: real, valueStdDev: real)`,
  // Tables of the workspace.
  Usage: '(TimeGenerated: datetime, DataType: string, IsBillable: bool, Quantity: real, Solution: string)',
  _LogOperation: '(TimeGenerated: datetime, Category: string, Operation: string, Level: string, Detail: string)',
};
const tables = Object.entries(schema).map(([name, columns]) => new Symbols.TableSymbol.$ctor7(name, columns, null));
const globals = GlobalState.Default.WithDatabase(new Symbols.DatabaseSymbol.ctor('insights', tables));

for (const [name, query] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
  const errors = KustoCode.ParseAndAnalyze(query, globals).GetDiagnostics();
  for (let i = 0; i < errors.Count; i++) console.log(`${name}: ${errors.getItem(i).Message} (${errors.getItem(i).Code})`);
}
