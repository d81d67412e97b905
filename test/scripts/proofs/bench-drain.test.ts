import t from 'tap';
import { Outage } from '../../../scripts/proofs/bench/drain/outage.js';
import { limits } from '../../../src/kernel/limits.js';

t.test(
  'a kiosk that is killed during an outage and after it loses nothing, and repeats a window at most',
  async (t) => {
    const plan = { rounds: 1, events: 9_000, eventsWhileScanning: 0, scans: 0, kills: 3 };
    const outage = new Outage(t.testdir(), plan);
    const { different, mostRepeated } = await outage.kill(() => undefined);
    t.equal(different, plan.events);
    t.ok(mostRepeated <= limits.linkWindowBatches * limits.linkBatchEvents, `${mostRepeated} repeated`);
    const { received, peakMb } = await outage.receive(plan.events, 0);
    t.equal(received.different, plan.events);
    t.ok(peakMb > 20);
  },
);
