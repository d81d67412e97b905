import { z } from 'zod';
import { cabinetSchema } from '../../hardware/cabinet.js';

/**
 * The JSON Schema of cabinet descriptions, for editors. It knows their form; that nothing is used twice and no number
 * is left out only `parseCabinet` knows.
 */
export function cabinetJsonSchema(): object {
  const { $schema, ...schema } = z.toJSONSchema(cabinetSchema, { io: 'input' });
  return { $schema, title: 'A cabinet: its lock boards and what each locker is wired to', ...schema };
}
