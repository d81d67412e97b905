import type { Goal } from '../../support/goals.js';
import { pickFault } from './faults.js';
import { judge } from './judge.js';
import { lookAt, type Shelf } from './shelf.js';
import { storyOf } from './story.js';
import { catalogueIn, type TorturedKiosk, TorturedStreet } from './street.js';
import { readTestimony } from './testimony.js';
import { drainedWithinMs, goalsOf, type KioskJudgement } from './verdict.js';

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
  /** What was not as it should be, one line for each kind and kiosk, with some of it. */
  readonly remarks: readonly string[];
}

const sayEveryMs = 10_000;
const lookEveryMs = 50;
/** Nothing is on its way any more when all was acknowledged for so long. */
const quietMs = 1_000;
const faultEveryMs = [50, 1_000] as const;
/** Faults overlap; so often all that last are over. */
const reliefShare = 0.5;

const wait = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));

/** Tortures a street, heals it, and holds what the catalogue has against what the kiosks made. */
export async function tortureLink(options: TortureOptions): Promise<TortureResult> {
  const { folder, minutes, seed, kiosks, say } = options;
  const street = await TorturedStreet.open(folder, kiosks, seed);
  try {
    const faults = await befall(street, minutes * 60_000, say);
    say('all is healed; waiting until everything is acknowledged');
    const drainMs = await drain(street);
    const unsent = street.says().reduce((sum, says) => sum + says.unsent, 0);
    const places = street.says().map((says) => says.places);
    const { repeated } = street.mischief;
    const lives = [street.catalogue, ...street.kiosks.map(({ life }) => life)];
    await street.close();
    const judged = lookAt(catalogueIn(folder), (shelf) =>
      street.kiosks.map((kiosk, index) => ({
        ...judgeOne(street, kiosk, shelf),
        isElsewhere: !isSame(places[index] ?? [], shelf.places(kiosk.name)),
      })),
    );
    const crashes = lives.reduce((sum, life) => sum + life.crashes, 0);
    const goals = goalsOf(judged, { unsent, drainMs, repeated, crashes });
    return { goals, faults, remarks: judged.flatMap(remarksOn) };
  } finally {
    await street.close();
  }
}

/** One fault after another, some at the same time; how often each befell. */
async function befall(
  street: TorturedStreet,
  forMs: number,
  say: (text: string) => void,
): Promise<Record<string, number>> {
  const { random } = street;
  const faults: Record<string, number> = {};
  const beganMs = performance.now();
  let saidMs = beganMs;
  let ends: (() => unknown)[] = [];
  while (performance.now() - beganMs < forMs) {
    await wait(random.between(...faultEveryMs));
    const fault = pickFault(random);
    const end = await fault.begin(street, random);
    if (end === null) continue;
    ends.push(end);
    faults[fault.name] = (faults[fault.name] ?? 0) + 1;
    if (random.chance(reliefShare)) {
      for (const each of ends) await each();
      ends = [];
    }
    if (performance.now() - saidMs < sayEveryMs) continue;
    saidMs = performance.now();
    const unsent = street.says().map((says) => says.unsent);
    const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
    say(
      `${Math.round((saidMs - beganMs) / 1_000)} s: ${count} faults; not acknowledged: ${unsent.join(', ')}`,
    );
  }
  for (const end of ends) await end();
  return faults;
}

/** Heals everything; how long it took until the last event was acknowledged. */
async function drain(street: TorturedStreet): Promise<number> {
  const healedMs = performance.now();
  let drainedMs: number | null = null;
  await street.heal();
  for (;;) {
    street.hush();
    await wait(lookEveryMs);
    const nowMs = performance.now();
    drainedMs = street.isDrained() ? (drainedMs ?? nowMs) : null;
    if (drainedMs !== null && nowMs - drainedMs > quietMs) return drainedMs - healedMs;
    if (nowMs - healedMs > drainedWithinMs + quietMs) return nowMs - healedMs;
  }
}

function judgeOne(
  { disks }: TorturedStreet,
  { name, witness, cards }: TorturedKiosk,
  shelf: Shelf,
): KioskJudgement {
  const { replaced } = cards;
  const story = storyOf(
    readTestimony(witness),
    replaced.map(({ ms }) => ms),
  );
  const evidence = {
    story,
    stored: shelf.events(name),
    cards: replaced,
    disks: disks.replaced.get(name) ?? [],
  };
  return {
    ...judge(evidence),
    name,
    connections: story.connections,
    conflicts: shelf.conflicts(name),
    hadOldCard: replaced.length > 0,
  };
}

function remarksOn({
  name,
  lost,
  doubled,
  outOfOrder,
  invented,
  commandsRunTwice,
}: KioskJudgement): string[] {
  const wrong = { lost, doubled, outOfOrder, invented, commandsRunTwice };
  return Object.entries(wrong).flatMap(([what, keys]) =>
    keys.length === 0 ? [] : [`${name}, ${what}: ${keys.length}, as ${keys.slice(0, 3).join('; ')}`],
  );
}

const isSame = (some: readonly string[], others: readonly string[]) => some.join() === others.join();
