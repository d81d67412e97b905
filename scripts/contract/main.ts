import { readFileSync, writeFileSync } from 'node:fs';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../../src/terminal/command.js';
import { withSchemas } from './schemas.js';

/** The command line of `npm run contract`. */
export function contractCommand(): Command {
  return createCommand(
    'npm run contract --',
    'Writes the schemas of src/contract/asyncapi.yaml anew from those of the code.',
    ['npm run contract'],
  ).action(writeSchemas);
}

function writeSchemas(): void {
  const file = new URL('src/contract/asyncapi.yaml', packageRoot);
  const before = readFileSync(file, 'utf8');
  const after = withSchemas(before);
  if (after !== before) writeFileSync(file, after);
  process.stdout.write(after === before ? 'asyncapi.yaml is up to date\n' : 'asyncapi.yaml was written\n');
}

await runProgram(import.meta.url, contractCommand);
