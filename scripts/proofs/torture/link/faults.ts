import type { FaultProxy } from '../../support/fault-proxy.js';
import type { Random } from '../../support/random.js';
import type { BrokerMood } from './broker.js';
import type { TorturedKiosk, TorturedStreet } from './street.js';

/** Something that goes wrong; resolves once it has begun, with how it ends; null where it could not happen now. */
export interface Fault {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  begin(street: TorturedStreet, random: Random): Promise<(() => unknown) | null>;
}

const nothing = () => undefined;
/** What an ADSL line or a phone in a cellar carries. */
const slowBytesPerS = 8_000;
const [delayMs, jitterMs] = [80, 120];

/** Something on the way of a kiosk, or of the catalogue, and its end. */
function onWay(name: string, weight: number, begin: (way: FaultProxy, random: Random) => () => void): Fault {
  return { name, weight, begin: async ({ ways }, random) => begin(random.pick(ways), random) };
}

const cut = (name: string, kind: 'reset' | 'end' | 'half') =>
  onWay(name, 2, (way) => {
    way.cut(kind);
    return nothing;
  });

const ways: readonly Fault[] = [
  cut('connection reset', 'reset'),
  cut('connection ended', 'end'),
  cut('connection half closed', 'half'),
  ...(['both', 'up', 'down'] as const).map((which) =>
    onWay(`stalled, ${which === 'both' ? 'both ways' : which}`, 1, (way) => {
      way.stall(which, true);
      return () => way.stall('both', false);
    }),
  ),
  onWay(`delayed by ${delayMs} ms and jitter`, 2, (way) => {
    way.setDelay(delayMs, jitterMs);
    return () => way.setDelay(0);
  }),
  onWay('one byte at a time', 1, (way) => {
    way.trickle(true);
    return () => way.trickle(false);
  }),
  onWay(`${slowBytesPerS / 1_000} KB a second`, 1, (way) => {
    way.slow(slowBytesPerS);
    return () => way.slow(null);
  }),
  onWay('nobody takes the call', 2, (way) => {
    way.open(false);
    way.cut('reset');
    return () => way.open(true);
  }),
];

const broker = (name: string, mood: BrokerMood): Fault => ({
  name,
  weight: 2,
  async begin(street) {
    await street.become(mood);
    return mood === 'refusing' ? () => street.become('keeping') : nothing;
  },
});

const brokers: readonly Fault[] = [
  broker('broker killed, keeps what it saved', 'keeping'),
  broker('broker killed, forgets all', 'forgetful'),
  broker('broker killed, refuses everybody', 'refusing'),
  {
    name: 'access list lets nobody write',
    weight: 1,
    async begin(street) {
      street.broker.allow(false);
      return () => street.broker.allow(true);
    },
  },
  {
    name: 'old messages said again',
    weight: 5,
    async begin({ mischief }, random) {
      mischief.repeat(random.between(5, 60));
      return nothing;
    },
  },
];

/** Something that needs a kiosk to be dead for a while. */
function onKiosk(
  name: string,
  weight: number,
  act: (kiosk: TorturedKiosk, random: Random) => void,
  isPossible: (kiosk: TorturedKiosk, index: number) => boolean,
): Fault {
  return {
    name,
    weight,
    async begin({ kiosks }, random) {
      const possible = kiosks.filter(isPossible);
      if (possible.length === 0) return null;
      const kiosk = random.pick(possible);
      await kiosk.life.end('SIGKILL');
      act(kiosk, random);
      return () => kiosk.life.start();
    },
  };
}

const kiosks: readonly Fault[] = [
  onKiosk('kiosk killed', 4, nothing, () => true),
  onKiosk(
    'kiosk killed, its card copied',
    2,
    ({ cards }, random) => cards.copy(random),
    (_, index) => index > 0,
  ),
  onKiosk(
    'kiosk gets an old card',
    1,
    ({ cards }, random) => cards.replace(random),
    ({ cards }, index) => index > 0 && cards.hasCopy,
  ),
  {
    name: 'very many residents at once',
    weight: 1,
    async begin({ kiosks }, random) {
      random.pick(kiosks).life.signal('SIGUSR1');
      return nothing;
    },
  },
];

const catalogues: readonly Fault[] = [
  {
    name: 'catalogue killed',
    weight: 3,
    async begin({ catalogue }) {
      await catalogue.end('SIGKILL');
      return () => catalogue.start();
    },
  },
  {
    name: 'catalogue backed up',
    weight: 2,
    async begin({ disks }, random) {
      disks.copy(random);
      return nothing;
    },
  },
  {
    name: 'catalogue restored from a backup',
    weight: 1,
    async begin({ catalogue, disks }, random) {
      if (!disks.hasCopy) return null;
      await catalogue.end('SIGKILL');
      disks.replace(random);
      return () => catalogue.start();
    },
  },
];

const all: readonly Fault[] = [...ways, ...brokers, ...kiosks, ...catalogues];
const allWeight = all.reduce((sum, { weight }) => sum + weight, 0);

/** One of the faults, each as often as its weight says. */
export function pickFault(random: Random): Fault {
  let left = random.next() * allWeight;
  for (const fault of all) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  throw new Error('the weights add up');
}
