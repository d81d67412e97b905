/**
 * `npm run wiring`: writes what `hardware/` has besides the cabinet descriptions and is made from them: wiring tables,
 * wiring diagrams and the JSON Schema for editors.
 */
import { writeFileSync } from 'node:fs';
import { Fault } from '../../src/kernel/faults.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { generatedDocuments } from './documents.js';

try {
  for (const [path, text] of generatedDocuments()) {
    writeFileSync(new URL(path, packageRoot), text);
    process.stdout.write(`${path}\n`);
  }
} catch (error) {
  if (!(error instanceof Fault)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
