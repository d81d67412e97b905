import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { Fault } from '../../src/kernel/faults.js';
import { limits } from '../../src/kernel/limits.js';

/** What the reader can be shown: printable ASCII that fits one scan with its CR. */
export const scanText = z
  .string()
  .regex(/^[\x20-\x7e]+$/)
  .max(limits.scanLengthBytes);

const propsSchema = z.strictObject({
  people: z.array(
    z.strictObject({
      name: z.string(),
      label: z.string(),
      /** What they can hold up, most usual first: passes, a library card. */
      codes: z.array(z.strictObject({ zh: z.string(), en: z.string(), text: scanText })).min(1),
    }),
  ),
  items: z.array(
    z.strictObject({
      item: scanText,
      title: z.string(),
      author: z.string(),
      /** Where the book is at the start; null is the table. */
      locker: z.number().int().min(1).nullable(),
    }),
  ),
});

/** The residents and books of a demonstration. */
export type Props = z.infer<typeof propsSchema>;

/** A cabinet with nobody before it and nothing inside. */
export const noProps: Props = { people: [], items: [] };

/** Reads a props file (JSON). Throws `config.invalid` naming the place, also for a locker or a book used twice. */
export async function readProps(file: string): Promise<Props> {
  const { size } = await stat(file).catch((error: unknown) => refuse(file, 'cannot be read', error));
  if (size > limits.emulatorPropsBytes) throw refused(file, 'is too long');
  return parseProps(await readFile(file, 'utf8'), file);
}

/** The same from text; `file` is what messages call it. */
export function parseProps(text: string, file: string): Props {
  const parsed = propsSchema.safeParse(parseJson(text, file));
  if (!parsed.success) throw refused(file, z.prettifyError(parsed.error));
  const { items } = parsed.data;
  const lockers = items.map(({ locker }) => locker).filter((locker) => locker !== null);
  if (new Set(lockers).size < lockers.length) throw refused(file, 'two books in one locker');
  if (new Set(items.map(({ item }) => item)).size < items.length) throw refused(file, 'one book twice');
  return parsed.data;
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return refuse(file, 'is not JSON', error);
  }
}

function refuse(file: string, what: string, cause: unknown): never {
  throw refused(file, what, { cause });
}

const refused = (file: string, what: string, options?: ErrorOptions) =>
  new Fault('config.invalid', `${file}: ${what}`, options);
