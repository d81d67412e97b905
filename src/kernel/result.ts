/** The outcome of something that may be refused: a refusal is a value with a reason, not an exception. */
export type Result<Value, Reason extends string> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly reason: Reason };

export const ok = <Value>(value: Value) => ({ ok: true, value }) as const;
export const refused = <Reason extends string>(reason: Reason) => ({ ok: false, reason }) as const;
