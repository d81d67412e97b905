import { readdirSync, readFileSync } from 'node:fs';
import { parseCabinet } from '../../hardware/cabinet.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { cabinetJsonSchema } from './schema.js';
import { sheetNames, sheetOf } from './sheets.js';
import { type DescribedCabinet, wiringDocument } from './tables.js';

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
      if (file !== undefined) documents.set(`hardware/${file}`, sheetOf(name, board));
    }
  }
  return documents;
}
