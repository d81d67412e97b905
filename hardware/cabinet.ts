import { parse, YAMLParseError } from 'yaml';
import { z } from 'zod';
import { Fault } from '../src/kernel/faults.js';
import { type BoardId, boardId, type LockerNo, lockerNo } from '../src/kernel/ids.js';

/** The firmware and the Kerong addresses have room for that many lockers on one board. */
const lockersPerMega = 32;
const lockersPerKerong = 48;
const locksPerCu16 = 16;
/** Four full Megas; door numbers stay at three digits. */
const lockersMax = 128;

const locker = z
  .number()
  .int()
  .min(1)
  .max(lockersMax)
  .transform((n): LockerNo => lockerNo(n))
  .describe('The number on the door, counted from 1 through all boards');
const name = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,15}$/, 'a short name such as left, in lower case')
  .transform((text): BoardId => boardId(text))
  .describe('What the configuration and the technician call this board');
/** Serial 0 (pins 0 and 1) is the wire to the host. */
const digitalPin = z.number().int().min(2).max(69);
/** Not 13: the Mega's boot loader blinks its light after every reset, and would pulse a lock there. */
const lockPin = z.union([z.int().min(2).max(12), z.int().min(14).max(69)], {
  error: 'a pin from 2 to 69, but not 13, which the boot loader blinks',
});

const coilSchema = z
  .strictObject({
    pulseMs: z.number().int().min(20).max(5_000).default(500).describe('How long an unlock holds the coil'),
    longPulseMs: z
      .number()
      .int()
      .min(20)
      .max(5_000)
      .default(1_000)
      .describe('How long a second try holds it, when the door did not open'),
    restMs: z
      .number()
      .int()
      .min(0)
      .max(60_000)
      .default(2_000)
      .describe('Shortest rest of one coil between two pulses; from the lock’s data sheet'),
  })
  .refine(({ pulseMs, longPulseMs }) => longPulseMs >= pulseMs, 'longPulseMs is at least pulseMs');

const megaLockerSchema = z.strictObject({
  locker,
  lockPin: lockPin.describe('The pin that drives the lock’s relay; A0 is 54'),
  doorPin: digitalPin.describe('The pin of the door switch, whose other end is ground; A0 is 54'),
  doorSwitch: z
    .enum(['closed-when-shut', 'closed-when-open'])
    .default('closed-when-shut')
    .describe('When the door’s contact is closed; the usual reed contact is while the door is shut'),
  itemPin: digitalPin
    .optional()
    .describe('The pin of a sensor for the item behind the door, if there is one'),
  itemSwitch: z
    .enum(['closed-when-present', 'closed-when-absent'])
    .default('closed-when-present')
    .describe('When the item sensor’s contact is closed'),
});

const megaSchema = z.strictObject({
  board: name,
  kind: z.literal('mega-2560'),
  relays: z.enum(['active-high', 'active-low']).describe('The level of a lock pin that energises its coil'),
  debounceMs: z
    .number()
    .int()
    .min(5)
    .max(250)
    .describe('How long a switch has to be still before its door is believed'),
  coil: coilSchema.prefault({}).describe('What the locks’ coils may bear; all locks of a board are alike'),
  locksOnMax: z
    .number()
    .int()
    .min(1)
    .max(4)
    .default(1)
    .describe('How many coils the lock supply can feed at once'),
  lockers: z
    .array(megaLockerSchema)
    .min(1)
    .max(lockersPerMega)
    .describe('The firmware numbers them from 1 in this order'),
});

const kerongSchema = z
  .strictObject({
    board: name,
    kind: z.literal('kerong'),
    dialect: z
      .enum(['cu48', 'cu16'])
      .describe(
        'Which of the vendor’s protocols it speaks; firmware-bridge/board/kerong/README.md says how to tell',
      ),
    address: z.number().int().min(0).max(9).describe('What the board’s address switches say'),
    hookBit: z
      .enum(['locked', 'unlocked'])
      .default('locked')
      .describe('What a status bit of 1 means; depends on how the lock’s contact is wired, NO or NC'),
    lockers: z
      .array(
        z.strictObject({
          locker,
          lock: z
            .number()
            .int()
            .min(1)
            .max(lockersPerKerong)
            .describe('The lock’s number as printed on the board'),
        }),
      )
      .min(1)
      .max(lockersPerKerong),
  })
  .refine(
    ({ dialect, lockers }) => dialect === 'cu48' || lockers.every(({ lock }) => lock <= locksPerCu16),
    `a board of cu16 has ${locksPerCu16} locks`,
  );

/** The form of a cabinet description; `cabinet.schema.json` is made from it. */
export const cabinetSchema = z.strictObject({
  boards: z
    .array(z.discriminatedUnion('kind', [megaSchema, kerongSchema]))
    .min(1)
    .max(4)
    .describe('The lock boards of the cabinet, each on a port of its own'),
});

/** An Arduino Mega with our firmware. The firmware numbers its lockers from 1 in the order of `lockers`. */
export type MegaBoard = z.infer<typeof megaSchema>;
/** A lock board of Kerong's CU family on RS-485. */
export type KerongBoard = z.infer<typeof kerongSchema>;
export type BoardDescription = MegaBoard | KerongBoard;
/** One cabinet: its boards, and which of their pins or outputs each locker's lock and switches are wired to. */
export type Cabinet = z.infer<typeof cabinetSchema>;
export type MegaLocker = MegaBoard['lockers'][number];

/** The lockers of a cabinet or of one of its boards, in their order of description. */
export function lockersOf(described: Cabinet | BoardDescription): readonly LockerNo[] {
  const boards = 'boards' in described ? described.boards : [described];
  return boards.flatMap((board) => board.lockers.map((each) => each.locker));
}

/** The Megas of a cabinet. */
export function megasOf({ boards }: Cabinet): readonly MegaBoard[] {
  return boards.filter((each) => each.kind === 'mega-2560');
}

/**
 * Reads a cabinet description (YAML, see `mega-24.yaml`). Throws `config.invalid` naming the place: unknown key,
 * impossible value, a board, a pin or a locker used twice or left out.
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
    // Besides its own kind, the parser throws a ReferenceError for an alias that names nothing.
    if (!(error instanceof YAMLParseError || error instanceof ReferenceError)) throw error;
    throw new Fault('config.invalid', `${fileName}: ${error.message}`);
  }
}

function refuseDoubles({ boards }: Cabinet, fileName: string): void {
  const owners = new Map<string, string>();
  const claim = (what: string, owner: string) => {
    const earlier = owners.get(what);
    if (earlier)
      throw new Fault('config.invalid', `${fileName}: ${what} is used by ${earlier} and by ${owner}`);
    owners.set(what, owner);
  };
  for (const board of boards) {
    claim(`the name ${board.board}`, `a ${board.kind}`);
    for (const each of board.lockers) {
      claim(`locker ${each.locker}`, `the entry of locker ${each.locker} on ${board.board}`);
      for (const [what, use] of claimsOf(each)) claim(`${what} of ${board.board}`, use);
    }
  }
}

/** What of its board a locker uses, and for what. */
function claimsOf(each: BoardDescription['lockers'][number]): readonly (readonly [string, string])[] {
  if ('lock' in each) return [[`lock ${each.lock}`, `locker ${each.locker}`]];
  const pins = [
    [`pin ${each.lockPin}`, `the lock of locker ${each.locker}`],
    [`pin ${each.doorPin}`, `the door switch of locker ${each.locker}`],
  ] as const;
  if (each.itemPin === undefined) return pins;
  return [...pins, [`pin ${each.itemPin}`, `the item sensor of locker ${each.locker}`]];
}

/** Doors are numbered from 1 without gaps, as residents see them. */
function refuseGaps(cabinet: Cabinet, fileName: string): void {
  const lockers = lockersOf(cabinet);
  const beyond = lockers.find((each) => each > lockers.length);
  if (beyond === undefined) return;
  throw new Fault(
    'config.invalid',
    `${fileName}: locker ${beyond} of only ${lockers.length}; number them 1, 2, 3 …`,
  );
}
