import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { Fault } from '../src/kernel/faults.js';
import { type LockerNo, lockerNo } from '../src/kernel/ids.js';

const digitalPin = z.number().int().min(2).max(69);

const lockerSchema = z.strictObject({
  locker: z
    .number()
    .int()
    .min(1)
    .max(32)
    .transform((n): LockerNo => lockerNo(n)),
  lockPin: digitalPin,
  doorPin: digitalPin,
  /** What the switch does: the usual reed contact is closed while the door is shut. */
  doorSwitch: z.enum(['closed-when-shut', 'closed-when-open']).default('closed-when-shut'),
});

const cabinetSchema = z.strictObject({
  board: z.literal('mega-2560'),
  relays: z.enum(['active-high', 'active-low']),
  debounceMs: z.number().int().min(5).max(250),
  lockers: z.array(lockerSchema).min(1).max(32),
});

/** One cabinet: which pins each locker's lock and door switch are wired to. */
export type Cabinet = z.infer<typeof cabinetSchema>;
export type LockerWiring = Cabinet['lockers'][number];

/**
 * Reads a cabinet description (YAML, see `mega-24.yaml`).
 * Throws `config.invalid` naming the place: unknown key, impossible value, a pin or a locker used twice or left out.
 */
export function parseCabinet(text: string, fileName: string): Cabinet {
  const result = cabinetSchema.safeParse(readYaml(text, fileName));
  if (!result.success) {
    throw new Fault('config.invalid', `${fileName}: ${z.prettifyError(result.error)}`);
  }
  refuseDoubles(result.data, fileName);
  refuseGaps(result.data, fileName);
  return result.data;
}

function readYaml(text: string, fileName: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    throw new Fault('config.invalid', `${fileName}: ${error.message}`);
  }
}

function refuseDoubles(cabinet: Cabinet, fileName: string): void {
  const owners = new Map<string, string>();
  const claim = (what: string, owner: string) => {
    const earlier = owners.get(what);
    if (earlier)
      throw new Fault('config.invalid', `${fileName}: ${what} is used by ${earlier} and by ${owner}`);
    owners.set(what, owner);
  };
  for (const { locker, lockPin, doorPin } of cabinet.lockers) {
    claim(`locker ${locker}`, `the entry of locker ${locker}`);
    claim(`pin ${lockPin}`, `the lock of locker ${locker}`);
    claim(`pin ${doorPin}`, `the door switch of locker ${locker}`);
  }
}

/** The board counts its lockers from 1 without gaps. */
function refuseGaps({ lockers }: Cabinet, fileName: string): void {
  const beyond = lockers.find(({ locker }) => locker > lockers.length);
  if (!beyond) return;
  throw new Fault(
    'config.invalid',
    `${fileName}: locker ${beyond.locker} of only ${lockers.length}; number them 1, 2, 3 …`,
  );
}
