import { writeFileSync } from 'node:fs';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../../src/terminal/command.js';
import { generatedDocuments } from './documents.js';

/** The command line of `npm run wiring`. */
export function wiringCommand(): Command {
  return createCommand(
    'npm run wiring --',
    'Writes what is made from the cabinet descriptions in hardware/: wiring tables, wiring diagrams and the JSON Schema for editors.',
    ['npm run wiring'],
  ).action(writeDocuments);
}

function writeDocuments(): void {
  for (const [path, text] of generatedDocuments()) {
    writeFileSync(new URL(path, packageRoot), text);
    process.stdout.write(`${path}\n`);
  }
}

await runProgram(import.meta.url, wiringCommand);
