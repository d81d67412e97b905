import type { z } from 'zod';

/** Reads a payload; undefined when it is not JSON or does not fit `schema`. Never throws on bad input. */
export function readPayload<T>(schema: z.ZodType<T>, payload: Uint8Array): T | undefined {
  const parsed = schema.safeParse(parseJson(Buffer.from(payload).toString('utf8')));
  return parsed.success ? parsed.data : undefined;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
