import t from 'tap';
import {
  alertSchema,
  alertsSchema,
  healthSchema,
  stationSchema,
} from '../../src/contract/monitoring-messages.js';
import { topicsOf } from '../../src/contract/topics.js';
import { epoch, kioskId } from '../../src/kernel/ids.js';
import { limits } from '../../src/kernel/limits.js';
import { silentLog } from '../../src/kernel/log.js';
import { epochMs } from '../../src/kernel/time.js';
import type { Link } from '../../src/link/link.js';
import type { HealthInputs } from '../../src/monitoring/health.js';
import { createMonitoring, type MonitoringParts } from '../../src/monitoring/monitoring.js';
import { choose, door, lost, pass, player, ready, wang } from '../circulation/player.js';
import { momentAt } from '../support/clocks.js';

const kiosk = kioskId('jn-01');
const topics = topicsOf('jiangning', kiosk);
const discovery = 'homeassistant/device/jn-01/lening-jiangning/config';
const name = { zh: '江宁路书庭', en: 'Jiangning Road' };

interface Said {
  readonly topic: string;
  readonly body: object | null;
  readonly retain: boolean;
}

function stage(changes: Partial<MonitoringParts['config']> = {}) {
  const core = player();
  const said: Said[] = [];
  const waits = new Map<number, () => void>();
  let facts: Omit<HealthInputs, 'state'> = {
    moment: momentAt(1_795_446_574_649),
    session: '5f1c7b0e9a3d2c44',
    uptimeS: 7,
    version: '0.1.0',
    journal: {
      epoch: epoch('0f4e1c9b7a6d5e32'),
      position: 9,
      sentMark: 9,
      oldestUnsentAt: null,
      failure: null,
    },
    machine: {
      disk: { freeBytes: 9e9, totalBytes: 1e10, writtenBytes: 5, lifeUsedPercent: null },
      memory: { rssBytes: 1e8, freeBytes: 1e9 },
      cpu: { celsius: 50, underVoltage: false, load1: 0.1 },
    },
    reader: 'ready',
    documents: { policy: 3 },
  };
  const monitoring = createMonitoring({
    config: {
      kiosk,
      street: 'jiangning',
      name,
      place: { lat: 31.2, lon: 121.4 },
      monitoring: { homeAssistant: { prefix: 'homeassistant' } },
      ...changes,
    },
    log: silentLog,
    healthInputs: () => ({ ...facts, state: core.state }),
    wait(waitMs, run) {
      waits.set(waitMs, run);
      return () => void waits.delete(waitMs);
    },
  });
  const link: Pick<Link, 'publish'> = {
    publish: (topic, body, options) => void said.push({ topic, body, retain: options?.retain ?? false }),
  };
  monitoring.start(link);
  const elapse = (waitMs: number) => {
    const run = waits.get(waitMs);
    waits.delete(waitMs);
    run?.();
  };
  const on = (topic: string) => said.filter((each) => each.topic === topic);
  const set = (more: Partial<typeof facts>) => {
    facts = { ...facts, ...more };
  };
  return { core, said, on, elapse, monitoring, set, pending: () => waits.size };
}

t.test('after a connection everything is published by the contract, and state is retained', async (t) => {
  const { monitoring, said, on } = stage();
  monitoring.publishAll();
  const [health] = on(topics.health);
  t.ok(healthSchema.safeParse(health?.body).success);
  t.match(health, {
    retain: true,
    body: {
      books: 2,
      emptyLockers: 2,
      journal: { position: 9, unsent: 0, oldestUnsentS: null },
      lockers: [{ locker: 1, door: 'closed', fault: null }],
      documents: { policy: 3 },
    },
  });
  t.ok(stationSchema.safeParse(on(topics.station)[0]?.body).success);
  t.match(on(topics.station), [
    { retain: true, body: { station: kiosk, name, lat: 31.2, isLending: true, books: 2 } },
  ]);
  t.ok(alertsSchema.safeParse(on(topics.alerts)[0]?.body).success);
  t.match(on(discovery), [{ retain: true, body: { device: {} } }]);
  t.notMatch(JSON.stringify(said), /30106|a1a1a1a1/, 'no book and no person');
});

t.test('an important change is reported soon, once; the rest each minute', async (t) => {
  const { core, monitoring, on, elapse, pending } = stage();
  monitoring.publishAll();
  const before = on(topics.health).length;
  for (const input of [pass(wang), choose(1), door(1, 'open')]) {
    core.play(input);
    monitoring.stateChanged();
  }
  t.equal(on(topics.health).length, before, 'not in the midst of it');
  elapse(limits.healthChangeDelayMs);
  t.match(on(topics.health).at(-1)?.body, { books: 1, lockers: [{ locker: 1, door: 'open' }] });
  t.match(on(topics.station).at(-1)?.body, { books: 1 });
  monitoring.stateChanged();
  elapse(limits.healthChangeDelayMs);
  t.equal(on(topics.health).length, before + 1, 'nothing new');
  elapse(limits.healthEveryMs);
  elapse(limits.healthEveryMs);
  t.equal(on(topics.health).length, before + 3);
  t.equal(on(topics.station).length, 4, 'the station too: that it is old means that the kiosk is gone');
  monitoring.close();
  t.equal(pending(), 0);
});

t.test('alerts are published at once, and retained until cleared', async (t) => {
  const { core, monitoring, on } = stage();
  monitoring.publishAll();
  core.play(lost);
  monitoring.stateChanged();
  t.match(on(topics.alert), [
    { retain: false, body: { happened: 'raised', code: 'board.lost', board: 'main' } },
  ]);
  t.match(on(topics.alerts).at(-1), { retain: true, body: { alerts: [{ code: 'board.lost' }] } });
  core.play(ready());
  monitoring.stateChanged();
  t.match(on(topics.alert).at(-1)?.body, { happened: 'cleared', code: 'board.lost' });
  t.match(on(topics.alerts).at(-1)?.body, { alerts: [] });
  for (const { body } of on(topics.alert)) t.ok(alertSchema.safeParse(body).success);
});

t.test('a fault of the machine is an alert too', async (t) => {
  const { monitoring, on, set } = stage();
  const calendarMs = epochMs(1_795_446_574_649);
  set({
    moment: momentAt(calendarMs, 'floor'),
    reader: 'lost',
    journal: {
      epoch: epoch('0f4e1c9b7a6d5e32'),
      position: 9,
      sentMark: 3,
      oldestUnsentAt: epochMs(calendarMs - 4_000_000),
      failure: null,
    },
    machine: {
      disk: { freeBytes: 5e7, totalBytes: 1e10, writtenBytes: null, lifeUsedPercent: null },
      memory: { rssBytes: 1e8, freeBytes: 1e9 },
      cpu: { celsius: 81, underVoltage: true, load1: 0.1 },
    },
  });
  monitoring.stateChanged();
  t.strictSame(
    on(topics.alert).map(({ body }) => alertSchema.parse(body).code),
    [
      'clock.in-doubt',
      'reader.lost',
      'link.backlog',
      'machine.disk-full',
      'machine.hot',
      'machine.under-voltage',
    ],
  );
});

t.test(
  'the description is published again after a birth message, and removed where not configured',
  async (t) => {
    const { monitoring, on } = stage();
    monitoring.publishDiscovery();
    t.equal(on(discovery).length, 1);
    const off = stage({ monitoring: { homeAssistant: false } });
    off.monitoring.publishAll();
    t.strictSame(off.on(discovery), [{ topic: discovery, body: null, retain: true }]);
  },
);
