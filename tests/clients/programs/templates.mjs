// Holds element templates against the published schema, with the validator that Camunda Modeler has: node templates.mjs FILE
import { readFileSync } from 'node:fs';
import { validateAll } from '@bpmn-io/element-templates-validator';

const { valid, results } = validateAll(JSON.parse(readFileSync(process.argv[2], 'utf-8')));
for (const { object, errors } of results) {
  for (const error of errors ?? []) console.error(object.id, error.message);
}
process.exit(valid ? 0 : 1);
