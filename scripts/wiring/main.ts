import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { cabinetSchema, parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type Command, createCommand, runProgram } from '../../src/terminal/command.js';
import { kerongSheet } from './kerong-sheet.js';
import { megaSheet } from './mega-sheet.js';
import { type DescribedCabinet, sheetNames, wiringDocument } from './tables.js';

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

const folder = new URL('hardware/', packageRoot);
const description = /^([a-z0-9-]+)\.yaml$/;

/** Every cabinet described in `hardware/`. Throws `config.invalid` for one that cannot be. */
export function describedCabinets(): readonly DescribedCabinet[] {
  return readdirSync(folder)
    .flatMap((file) => description.exec(file)?.[1] ?? [])
    .sort()
    .map((name) => {
      const file = `${name}.yaml`;
      return { name, cabinet: parseCabinet(readFileSync(new URL(file, folder), 'utf8'), file) };
    });
}

/** Everything in `hardware/` that is made from the descriptions: the text of each file by its path from the root. */
export function generatedDocuments(): ReadonlyMap<string, string> {
  const documents = new Map([
    ['hardware/cabinet.schema.json', `${JSON.stringify(cabinetJsonSchema(), null, 2)}\n`],
  ]);
  for (const described of describedCabinets()) {
    const { name, cabinet } = described;
    documents.set(`hardware/${name}.md`, wiringDocument(described));
    for (const board of cabinet.boards) {
      const file = sheetNames(name, cabinet).get(board.board);
      const sheet = board.kind === 'kerong' ? kerongSheet(name, board) : megaSheet(name, board);
      if (file !== undefined) documents.set(`hardware/${file}`, sheet);
    }
  }
  return documents;
}

/**
 * The JSON Schema of cabinet descriptions, for editors. It knows their form; that nothing is used twice and no number
 * is left out only `parseCabinet` knows.
 */
function cabinetJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(cabinetSchema, { io: 'input' });
  return { $schema, title: 'A cabinet: its lock boards and what each locker is wired to', ...schema };
}

await runProgram(import.meta.url, wiringCommand);
