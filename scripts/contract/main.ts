import { readFileSync, writeFileSync } from 'node:fs';
import { packageRoot } from '../../src/kernel/package-root.js';
import { withSchemas } from './schemas.js';

// Writes the schemas of src/contract/asyncapi.yaml anew from the code’s.

const file = new URL('src/contract/asyncapi.yaml', packageRoot);
const before = readFileSync(file, 'utf8');
const after = withSchemas(before);
if (after !== before) writeFileSync(file, after);
process.stdout.write(
  after === before ? 'asyncapi.yaml is as the code has it\n' : 'asyncapi.yaml was written\n',
);
