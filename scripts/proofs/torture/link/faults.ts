import type { FaultProxy } from '../../support/fault-proxy.js';
import type { Random } from '../../support/random.js';
import type { BrokerMode } from './broker.js';
import type { KioskUnderTest, StreetUnderTest } from './street.js';

/** Something that goes wrong; resolves once it has begun, with how it ends; null where it could not happen now. */
export interface Fault {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  begin(street: StreetUnderTest, random: Random): Promise<(() => unknown) | null>;
}

const nothing = () => undefined;
/** What an ADSL line or a phone in a cellar carries. */
const slowBytesPerS = 8_000;
const [delayMs, jitterMs] = [80, 120];

/** Something on the way of a kiosk, or of the catalogue, and its end. */
function onProxy(
  name: string,
  weight: number,
  begin: (proxy: FaultProxy, random: Random) => () => void,
): Fault {
  return { name, weight, begin: async ({ proxies }, random) => begin(random.pick(proxies), random) };
}

const cut = (name: string, kind: 'reset' | 'end' | 'half') =>
  onProxy(name, 2, (proxy) => {
    proxy.cut(kind);
    return nothing;
  });

const networkFaults: readonly Fault[] = [
  cut('connection reset', 'reset'),
  cut('connection ended', 'end'),
  cut('connection half closed', 'half'),
  ...(['both', 'up', 'down'] as const).map((which) =>
    onProxy(`stalled, ${which === 'both' ? 'both ways' : which}`, 1, (proxy) => {
      proxy.stall(which, true);
      return () => proxy.stall('both', false);
    }),
  ),
  onProxy(`delayed by ${delayMs} ms and jitter`, 2, (proxy) => {
    proxy.setDelay(delayMs, jitterMs);
    return () => proxy.setDelay(0);
  }),
  onProxy('one byte at a time', 1, (proxy) => {
    proxy.trickle(true);
    return () => proxy.trickle(false);
  }),
  onProxy(`${slowBytesPerS / 1_000} KB a second`, 1, (proxy) => {
    proxy.slow(slowBytesPerS);
    return () => proxy.slow(null);
  }),
  onProxy('connection refused', 2, (proxy) => {
    proxy.open(false);
    proxy.cut('reset');
    return () => proxy.open(true);
  }),
];

const broker = (name: string, mode: BrokerMode): Fault => ({
  name,
  weight: 2,
  async begin(street) {
    await street.restartBroker(mode);
    return mode === 'refusing' ? () => street.restartBroker('keeping') : nothing;
  },
});

const brokers: readonly Fault[] = [
  broker('broker killed, keeps what it saved', 'keeping'),
  broker('broker killed, forgets all', 'forgetful'),
  broker('broker killed, refuses everybody', 'refusing'),
  {
    name: 'access list denies publishing',
    weight: 1,
    async begin(street) {
      street.broker.allowWriting(false);
      return () => street.broker.allowWriting(true);
    },
  },
  {
    name: 'old messages replayed',
    weight: 5,
    async begin({ replayer }, random) {
      replayer.replay(random.between(5, 60));
      return nothing;
    },
  },
];

/** Something that needs a kiosk to be dead for a while. */
function onKiosk(
  name: string,
  weight: number,
  act: (kiosk: KioskUnderTest, random: Random) => void,
  isPossible: (kiosk: KioskUnderTest, index: number) => boolean,
): Fault {
  return {
    name,
    weight,
    async begin({ kiosks }, random) {
      const possible = kiosks.filter(isPossible);
      if (possible.length === 0) return null;
      const kiosk = random.pick(possible);
      await kiosk.process.end('SIGKILL');
      act(kiosk, random);
      return () => kiosk.process.start();
    },
  };
}

const kiosks: readonly Fault[] = [
  onKiosk('kiosk killed', 4, nothing, () => true),
  onKiosk(
    'kiosk killed, its card copied',
    2,
    ({ cardBackups }, random) => cardBackups.copy(random),
    (_, index) => index > 0,
  ),
  onKiosk(
    'kiosk gets an old card',
    1,
    ({ cardBackups }, random) => cardBackups.replace(random),
    ({ cardBackups }, index) => index > 0 && cardBackups.hasCopy,
  ),
  {
    name: 'very many residents at once',
    weight: 1,
    async begin({ kiosks }, random) {
      random.pick(kiosks).process.signal('SIGUSR1');
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
    async begin({ catalogueBackups }, random) {
      catalogueBackups.copy(random);
      return nothing;
    },
  },
  {
    name: 'catalogue restored from a backup',
    weight: 1,
    async begin({ catalogue, catalogueBackups }, random) {
      if (!catalogueBackups.hasCopy) return null;
      await catalogue.end('SIGKILL');
      catalogueBackups.replace(random);
      return () => catalogue.start();
    },
  },
];

const all: readonly Fault[] = [...networkFaults, ...brokers, ...kiosks, ...catalogues];
const allWeight = all.reduce((sum, { weight }) => sum + weight, 0);

/** One of the faults, chosen by weight. */
export function pickFault(random: Random): Fault {
  let left = random.next() * allWeight;
  for (const fault of all) {
    left -= fault.weight;
    if (left < 0) return fault;
  }
  throw new Error('the weights add up');
}
