import { setTimeout as wait } from 'node:timers/promises';
import { atLeast, atMost, exactly, type Goal } from '../../support/goals.js';
import { type CatalogueFile, withCatalogueFile } from './catalogue-file.js';
import { checkEvents, type EventCheck } from './event-check.js';
import { pickFault } from './faults.js';
import { buildHistory } from './kiosk-history.js';
import { catalogueIn, type KioskUnderTest, StreetUnderTest } from './street.js';
import { readWitnessLog } from './witness-log.js';

/** How long, and in what order, a street is tortured. */
export interface TortureOptions {
  readonly folder: string;
  readonly minutes: number;
  readonly seed: number;
  readonly kiosks: number;
  print(text: string): void;
}

/** What came of it. */
export interface TortureResult {
  readonly goals: readonly Goal[];
  readonly faults: Readonly<Record<string, number>>;
  /** What was not as it should be, one line for each kind and kiosk, with some of it. */
  readonly remarks: readonly string[];
}

const printEveryMs = 10_000;
const pollMs = 50;
/** Nothing is on its way any more when all was acknowledged for so long. */
const quietMs = 1_000;
const faultEveryMs = [50, 1_000] as const;
/** Faults overlap; so often all that last are over. */
const endFaultsShare = 0.5;

/** Tortures a street, heals it, and holds what the catalogue has against what the kiosks made. */
export async function tortureLink(options: TortureOptions): Promise<TortureResult> {
  const { folder, minutes, seed, kiosks, print } = options;
  const street = await StreetUnderTest.open(folder, kiosks, seed);
  try {
    const faults = await injectFaults(street, minutes * 60_000, print);
    print('all is healed; waiting until everything is acknowledged');
    const drainMs = await drain(street);
    const unsent = street.statuses().reduce((sum, status) => sum + status.unsent, 0);
    const places = street.statuses().map((status) => status.places);
    const { replayed } = street.replayer;
    const processes = [street.catalogue, ...street.kiosks.map(({ process }) => process)];
    await street.close();
    const judged = withCatalogueFile(catalogueIn(folder), (file) =>
      street.kiosks.map((kiosk, index) => ({
        ...checkKiosk(street, kiosk, file),
        isElsewhere: !isSame(places[index] ?? [], file.places(kiosk.name)),
      })),
    );
    const crashes = processes.reduce((sum, process) => sum + process.crashes, 0);
    const goals = goalsOf(judged, { unsent, drainMs, replayed, crashes });
    return { goals, faults, remarks: judged.flatMap(remarksOf) };
  } finally {
    await street.close();
  }
}

/** One fault after another, some at the same time; counts how often each happened. */
async function injectFaults(
  street: StreetUnderTest,
  forMs: number,
  print: (text: string) => void,
): Promise<Record<string, number>> {
  const { random } = street;
  const faults: Record<string, number> = {};
  const beganMs = performance.now();
  let printedMs = beganMs;
  let ends: (() => unknown)[] = [];
  while (performance.now() - beganMs < forMs) {
    await wait(random.between(...faultEveryMs));
    const fault = pickFault(random);
    const end = await fault.begin(street, random);
    if (end === null) continue;
    ends.push(end);
    faults[fault.name] = (faults[fault.name] ?? 0) + 1;
    if (random.chance(endFaultsShare)) {
      for (const each of ends) await each();
      ends = [];
    }
    if (performance.now() - printedMs < printEveryMs) continue;
    printedMs = performance.now();
    const unsent = street.statuses().map((status) => status.unsent);
    const count = Object.values(faults).reduce((sum, each) => sum + each, 0);
    print(
      `${Math.round((printedMs - beganMs) / 1_000)} s: ${count} faults; not acknowledged: ${unsent.join(', ')}`,
    );
  }
  for (const end of ends) await end();
  return faults;
}

/** Heals everything; how long it took until the last event was acknowledged. */
async function drain(street: StreetUnderTest): Promise<number> {
  const repairedMs = performance.now();
  let drainedMs: number | null = null;
  await street.removeFaults();
  for (;;) {
    street.stopActivity();
    await wait(pollMs);
    const nowMs = performance.now();
    drainedMs = street.isDrained() ? (drainedMs ?? nowMs) : null;
    if (drainedMs !== null && nowMs - drainedMs > quietMs) return drainedMs - repairedMs;
    if (nowMs - repairedMs > drainDeadlineMs + quietMs) return nowMs - repairedMs;
  }
}

function checkKiosk(
  { catalogueBackups }: StreetUnderTest,
  { name, witness, cardBackups }: KioskUnderTest,
  file: CatalogueFile,
): KioskCheck {
  const { replaced } = cardBackups;
  const history = buildHistory(
    readWitnessLog(witness),
    replaced.map(({ ms }) => ms),
  );
  const evidence = {
    history,
    stored: file.events(name),
    cards: replaced,
    disks: catalogueBackups.replaced.get(name) ?? [],
  };
  return {
    ...checkEvents(evidence),
    name,
    connections: history.connections,
    conflicts: file.conflicts(name),
    hadOldCard: replaced.length > 0,
  };
}

function remarksOf({ name, lost, doubled, outOfOrder, neverMade, commandsRunTwice }: KioskCheck): string[] {
  const wrong = { lost, doubled, outOfOrder, neverMade, commandsRunTwice };
  return Object.entries(wrong).flatMap(([what, keys]) =>
    keys.length === 0 ? [] : [`${name}, ${what}: ${keys.length}, as ${keys.slice(0, 3).join('; ')}`],
  );
}

const isSame = (some: readonly string[], others: readonly string[]) => some.join() === others.join();

/** What became of one kiosk's events. */
export interface KioskCheck extends EventCheck {
  readonly name: string;
  readonly connections: number;
  readonly conflicts: number;
  /** Whether its card was ever replaced by an old one. */
  readonly hadOldCard: boolean;
}

/**
 * Everything is acknowledged so long after the last fault, at most: a dead connection is noticed (22 s), there is one
 * more wait before the next (10 s), and what was sent into the void is sent again (10 s).
 */
const drainDeadlineMs = 45_000;

function goalsOf(
  judged: readonly (KioskCheck & { readonly isElsewhere: boolean })[],
  { unsent, drainMs, replayed, crashes }: Record<'unsent' | 'drainMs' | 'replayed' | 'crashes', number>,
): Goal[] {
  const sum = (of: (each: KioskCheck) => number) => judged.reduce((all, each) => all + of(each), 0);
  type Listed = 'lost' | 'doubled' | 'outOfOrder' | 'neverMade' | 'commandsRunTwice';
  const counted = (of: 'made' | 'stored' | 'connections') => sum((each) => each[of]);
  const many = (of: Listed) => sum((each) => each[of].length);
  const none = (name: string, figure: number, detail?: string) => exactly(name, figure, 0, detail);
  const conflicts = (hadOldCard: boolean) =>
    sum((each) => (each.hadOldCard === hadOldCard ? each.conflicts : 0));
  return [
    atLeast('events made', counted('made'), 1, `${judged.length} kiosks`),
    atLeast('events stored', counted('stored'), 1, `${counted('connections')} connections of kiosks`),
    none(
      'events lost',
      many('lost'),
      `${sum((each) => each.goneWithCard)} went with a card, unsent; ${sum((each) => each.goneWithBoth)} with a card and the catalogue's disk`,
    ),
    none('events doubled', many('doubled')),
    none('events out of order', many('outOfOrder')),
    none('events nobody made', many('neverMade')),
    none('events still unsent', unsent),
    none(
      'refused events of kiosks that never had an old card',
      conflicts(false),
      `${conflicts(true)} of the others`,
    ),
    none(
      'kiosks whose books the catalogue sees elsewhere',
      judged.filter(({ isElsewhere }) => isElsewhere).length,
    ),
    none(
      'commands run twice',
      many('commandsRunTwice'),
      `of ${sum((each) => each.commands)}; ${sum((each) => each.commandsRunAgainByOldCard)} again from an old card; ${replayed} messages said again`,
    ),
    none('programs that ended by themselves', crashes),
    atMost('last fault to last acknowledgement, s', drainMs / 1_000, drainDeadlineMs / 1_000),
  ];
}
