import { assert } from '../kernel/assert.js';
import { type PassId, type PatronId, passId, patronId } from '../kernel/ids.js';
import { type EpochMs, epochMs } from '../kernel/time.js';
import { fromCbor, toCbor } from './cose.js';

/** What a pass is for. */
export type PassKind = 'resident';

/** What a pass says. Times are whole seconds on the wire: `validFrom` and `validUntil` are rounded down. */
export interface PassClaims {
  readonly patron: PatronId;
  readonly pass: PassId;
  readonly kind: PassKind;
  /** The first moment it is good for. */
  readonly validFrom: EpochMs;
  /** The first moment it is no longer good for. */
  readonly validUntil: EpochMs;
}

/** Claim keys of a CWT (RFC 8392), and `scope` (RFC 8693, registered for CWT by RFC 9200): what the bearer may do. */
const SUB = 2;
const EXP = 4;
const NBF = 5;
const CTI = 7;
const SCOPE = 9;
const CLAIMS_IN_ORDER = [SUB, EXP, NBF, CTI, SCOPE];

const scopes: Readonly<Record<PassKind, string>> = { resident: 'r' };
const kinds: ReadonlyMap<unknown, PassKind> = new Map([[scopes.resident, 'resident']]);

const PSEUDONYM = /^[0-9a-f]{16}$/;
/** Times are 32-bit on the wire, good until 2106. */
const SECONDS_MAX = 0xffff_ffff;

/** The claims as deterministic CBOR. */
export function encodeClaims(claims: PassClaims): Uint8Array {
  const from = Math.floor(claims.validFrom / 1_000);
  const until = Math.floor(claims.validUntil / 1_000);
  assert(PSEUDONYM.test(claims.patron), 'a patron is 16 hex digits');
  assert(PSEUDONYM.test(claims.pass), 'a pass id is 16 hex digits');
  assert(0 <= from && from < until && until <= SECONDS_MAX, 'a pass ends after it begins, before 2106');
  const entries: [number, unknown][] = [
    [SUB, claims.patron],
    [EXP, until],
    [NBF, from],
    [CTI, Uint8Array.from(Buffer.from(claims.pass, 'hex'))],
    [SCOPE, scopes[claims.kind]],
  ];
  return toCbor(new Map(entries));
}

/** Reads claims; undefined when they are not exactly the five above, in their order, with values in range. */
export function decodeClaims(bytes: Uint8Array): PassClaims | undefined {
  const claims = fromCbor(bytes);
  if (!(claims instanceof Map)) return undefined;
  let place = 0;
  for (const key of claims.keys()) if (key !== CLAIMS_IN_ORDER[place++]) return undefined;
  const sub: unknown = claims.get(SUB);
  const cti: unknown = claims.get(CTI);
  const from: unknown = claims.get(NBF);
  const until: unknown = claims.get(EXP);
  const kind = kinds.get(claims.get(SCOPE));
  if (typeof sub !== 'string' || !PSEUDONYM.test(sub)) return undefined;
  if (!(cti instanceof Uint8Array) || cti.length !== 8) return undefined;
  if (!isSeconds(from) || !isSeconds(until) || from >= until || kind === undefined) return undefined;
  return {
    patron: patronId(sub),
    pass: passId(Buffer.from(cti).toString('hex')),
    kind,
    validFrom: epochMs(from * 1_000),
    validUntil: epochMs(until * 1_000),
  };
}

function isSeconds(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= SECONDS_MAX;
}
