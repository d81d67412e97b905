import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultProxy } from '../fault-proxy.js';
import type { Random } from '../random.js';
import { copyIfThere, type TorturedKiosk, type TorturedStreet } from './street.js';

/** Something that goes wrong; resolves once it has begun, with how it ends. */
export interface Fault {
  readonly name: string;
  readonly weight: number;
  begin(street: TorturedStreet, random: Random): Promise<() => unknown>;
}

const nothing = () => undefined;
const wait = (waitMs: number) => new Promise<void>((resolve) => setTimeout(resolve, waitMs));

/** Any way to the broker: a kiosk’s, or the catalogue’s. */
function anyWay(street: TorturedStreet, random: Random): FaultProxy {
  return random.pick([street.catalogueWay, ...street.kiosks.map(({ way }) => way)]);
}

/** Something on one of the ways, and its end. */
function onWay(name: string, weight: number, begin: (way: FaultProxy, random: Random) => () => void): Fault {
  return { name, weight, begin: async (street, random) => begin(anyWay(street, random), random) };
}

const ways: readonly Fault[] = [
  onWay('cut with a reset', 3, (way) => {
    way.cut('reset');
    return nothing;
  }),
  onWay('cut in order', 2, (way) => {
    way.cut('end');
    return nothing;
  }),
  onWay('half closed', 2, (way) => {
    way.cut('half');
    return nothing;
  }),
  onWay('stalled', 3, (way, random) => {
    const which = random.pick(['both', 'up', 'down'] as const);
    way.stall(which, true);
    return () => way.stall('both', false);
  }),
  onWay('delayed 80 ms and more', 2, (way) => {
    way.setDelay(80, 200);
    return () => way.setDelay(0);
  }),
  onWay('a byte at a time', 1, (way) => {
    way.trickle(true);
    return () => way.trickle(false);
  }),
  onWay('no way in', 2, (way) => {
    way.open(false);
    way.cut('reset');
    return () => way.open(true);
  }),
];

const processes: readonly Fault[] = [
  {
    name: 'kiosk killed',
    weight: 4,
    async begin({ kiosks }, random) {
      const { life } = random.pick(kiosks);
      await life.end('SIGKILL');
      return () => life.start();
    },
  },
  {
    name: 'catalogue killed',
    weight: 2,
    async begin({ catalogue }) {
      await catalogue.end('SIGKILL');
      return () => catalogue.start();
    },
  },
  {
    name: 'broker killed, with what it kept',
    weight: 2,
    async begin(street) {
      await street.restartBroker('kept');
      return nothing;
    },
  },
  {
    name: 'broker killed, with nothing',
    weight: 2,
    async begin(street) {
      await street.restartBroker('emptied');
      return nothing;
    },
  },
  {
    name: 'broker refuses everybody',
    weight: 1,
    async begin(street) {
      await street.restartBroker('refusing');
      return () => street.restartBroker('kept');
    },
  },
  {
    name: 'messages said again',
    weight: 5,
    async begin({ mischief }, random) {
      mischief.repeat(random.between(5, 40));
      return nothing;
    },
  },
];

/** What goes wrong again and again. */
export const usualFaults: readonly Fault[] = [...ways, ...processes];

/** The catalogue’s disk is replaced by a copy from some seconds before. */
export async function restoreCatalogue(street: TorturedStreet): Promise<void> {
  await street.catalogue.end('SIGKILL');
  street.backUpCatalogue();
  street.catalogue.start();
  await wait(6_000);
  await street.catalogue.end('SIGKILL');
  street.restoreCatalogue();
  street.catalogue.start();
}

/** A kiosk’s card is replaced by a copy from some seconds before. */
export async function rewindKiosk(kiosk: TorturedKiosk): Promise<void> {
  const { life, folder, rewinds, witness } = kiosk;
  const file = join(folder, 'journal.db');
  await life.end('SIGKILL');
  for (const part of ['', '-wal']) copyIfThere(file + part, `${file}${part}.copy`);
  const copied = lastOf(witness);
  life.start();
  await wait(6_000);
  await life.end('SIGKILL');
  rmSync(`${file}-shm`, { force: true });
  for (const part of ['', '-wal']) {
    rmSync(file + part, { force: true });
    copyIfThere(`${file}${part}.copy`, file + part);
  }
  rewinds.push({ ...copied, atLine: linesOf(witness).length });
  life.start();
}

const linesOf = (file: string) =>
  readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.endsWith('}'));

function lastOf(witness: string): { epoch: string; position: number } {
  return JSON.parse(linesOf(witness).at(-1) ?? '{}');
}
