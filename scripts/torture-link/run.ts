import type { Goal } from '../goals.js';
import type { Random } from '../random.js';
import { type Fault, restoreCatalogue, rewindKiosk, usualFaults } from './faults.js';
import { type Judgement, judge } from './judge.js';
import { TorturedStreet } from './street.js';

/** How long, and in what order, a street is tortured. */
export interface TortureOptions {
  readonly folder: string;
  readonly minutes: number;
  readonly seed: number;
  readonly kiosks: number;
  say(text: string): void;
}

/** What came of it. */
export interface TortureResult {
  readonly goals: readonly Goal[];
  readonly faults: Readonly<Record<string, number>>;
}

/** Everything is acknowledged so long after the last fault, at most: the longest wait to reconnect, and patience. */
const drainedWithinMs = 60_000;
const wait = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));

/** Tortures a street, heals it, and holds what the catalogue has against what the kiosks made. */
export async function tortureLink({
  folder,
  minutes,
  seed,
  kiosks,
  say,
}: TortureOptions): Promise<TortureResult> {
  const street = await TorturedStreet.open(folder, kiosks, seed);
  const faults: Record<string, number> = {};
  try {
    await befall(street, minutes * 60_000, faults, say);
    say('healed; waiting until everything is acknowledged');
    await street.restartBroker('kept');
    street.heal();
    const healedMs = performance.now();
    await wait(1_000);
    for (const { life } of [street.catalogue, ...street.kiosks].map((each) =>
      'life' in each ? each : { life: each },
    ))
      life.signal('SIGUSR2');
    const drainedMs = (await drained(street)) - healedMs;
    const unsent = sum(street.kiosks.map(({ life }) => Number(life.line.split(' ')[0] ?? Number.NaN)));
    const reconnects = sum(street.kiosks.map(({ life }) => life.starts));
    const repeated = street.mischief.repeated;
    await street.close();
    const judged = street.kiosks.map(({ name, witness, rewinds }) =>
      judge(name, witness, street.catalogueFile, rewinds),
    );
    return { goals: goalsOf(judged, { unsent, drainedMs, reconnects, repeated }), faults };
  } finally {
    await street.close();
  }
}

/** One fault after another, some at the same time; and once each what only an old copy can do. */
async function befall(
  street: TorturedStreet,
  forMs: number,
  faults: Record<string, number>,
  say: (text: string) => void,
): Promise<void> {
  const { random } = street;
  const beganMs = performance.now();
  const count = (name: string) => {
    faults[name] = (faults[name] ?? 0) + 1;
  };
  // The old copies come one after the other, while nothing else goes wrong: what both sides have lost nobody can tell.
  await wait(Math.min(5_000, forMs / 10));
  count('catalogue from a copy');
  await restoreCatalogue(street);
  await settle(street);
  const [old] = street.kiosks;
  if (old) {
    count('kiosk from a copy');
    await rewindKiosk(old);
    await settle(street);
  }
  let ends: (() => unknown)[] = [];
  for (let passed = 0; passed < forMs; passed = performance.now() - beganMs) {
    const fault = pickFault(random);
    count(fault.name);
    ends.push(await fault.begin(street, random));
    await wait(random.between(100, 3_000));
    if (random.chance(0.7)) {
      for (const end of ends) await end();
      ends = [];
    }
    if (Math.floor(passed / 10_000) < Math.floor((performance.now() - beganMs) / 10_000))
      say(`${Math.round((performance.now() - beganMs) / 1_000)} s: ${sum(Object.values(faults))} faults`);
  }
  for (const end of ends) await end();
}

function pickFault(random: Random): Fault {
  const all = sum(usualFaults.map(({ weight }) => weight));
  let left = random.next() * all;
  for (const fault of usualFaults) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  throw new Error('unreachable');
}

/** Until all kiosks are acknowledged, or have had long enough. */
async function settle(street: TorturedStreet): Promise<void> {
  const untilMs = performance.now() + 15_000;
  await wait(1_500);
  while (performance.now() < untilMs && !street.kiosks.every(({ life }) => unsentOf(life.line) < 20))
    await wait(50);
}

/** When everything was acknowledged. */
async function drained(street: TorturedStreet): Promise<number> {
  const untilMs = performance.now() + drainedWithinMs;
  // Orders and visits have ended; twice in a row, for the last of them may have been on its way.
  let quiet = 0;
  while (performance.now() < untilMs && quiet < 5) {
    await wait(100);
    quiet = street.kiosks.every(({ life }) => unsentOf(life.line) === 0) ? quiet + 1 : 0;
  }
  return performance.now();
}

const unsentOf = (line: string): number => Number(line.split(' ')[0] || Number.NaN);
const sum = (figures: readonly number[]): number => figures.reduce((all, each) => all + each, 0);

interface Rest {
  readonly unsent: number;
  readonly drainedMs: number;
  readonly reconnects: number;
  readonly repeated: number;
}

function goalsOf(judged: readonly Judgement[], { unsent, drainedMs, reconnects, repeated }: Rest): Goal[] {
  const all = (of: keyof Judgement) => sum(judged.map((each) => each[of]));
  const zero = (name: string, figure: number, detail?: string): Goal => ({
    name,
    figure,
    goal: { exactly: 0 },
    ...(detail === undefined ? {} : { detail }),
  });
  return [
    {
      name: 'events made durable',
      figure: all('made'),
      goal: { atLeast: 1 },
      detail: `${reconnects} lives of ${judged.length} kiosks`,
    },
    { name: 'events stored', figure: all('stored'), goal: { atLeast: 1 } },
    zero('lost', all('lost'), `${all('goneWithCard')} were on a card only that an old copy then replaced`),
    zero('doubled', all('doubled')),
    zero('out of order', all('outOfOrder')),
    zero('unsent in the end', unsent),
    zero(
      'commands run twice',
      all('commandsRunTwice'),
      `${all('commands')} carried out, ${repeated} messages said again by a stranger; ${all('commandsRunAgainByOldCard')} again by a kiosk with an old card`,
    ),
    {
      name: 'all acknowledged after the last fault, s',
      figure: drainedMs / 1_000,
      goal: { atMost: drainedWithinMs / 1_000 },
    },
  ];
}
