import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import type { Event } from '../../../src/circulation/event.js';
import { itemId, lockerNo } from '../../../src/kernel/ids.js';
import { epochMs } from '../../../src/kernel/time.js';
import { openKioskJournal } from '../../../src/kiosk/start-kiosk.js';
import { createClock } from '../../../src/machine/clock.js';
import { until } from '../../support/until.js';
import { cabinetPath, openAndShut, type RunningTool, runTool } from './technician.js';

const emulator = await startEmulator({ cabinetFile: cabinetPath('mega-24') });
t.teardown(() => emulator.stop());
const [one, two, three] = [lockerNo(1), lockerNo(2), lockerNo(3)];

/** The configuration of a kiosk whose journal has `events`. */
function kioskWith(t: Test, events: readonly Event[]) {
  const folder = t.testdir();
  const config = join(folder, 'kiosk.yaml');
  const dataFolder = join(folder, 'data');
  const settings = {
    kiosk: 'jn-01',
    name: { zh: '江宁路书庭', en: 'Jiangning Road' },
    street: 'jiangning',
    dataFolder,
    cabinetFile: cabinetPath('mega-24'),
    boards: { main: { port: emulator.boards.main } },
    reader: { port: emulator.reader },
    screen: { wechatUrl: 'https://example.org/k/' },
    link: { brokerUrl: 'mqtt://127.0.0.1:1883' },
    passKeys: ['-----BEGIN PUBLIC KEY-----'],
  };
  writeFileSync(config, JSON.stringify(settings));
  const journal = openKioskJournal(dataFolder);
  journal.append(createClock(epochMs(0)).now(), events);
  const open = () => {
    const reopened = openKioskJournal(dataFolder);
    t.teardown(() => reopened.close());
    return reopened;
  };
  journal.close();
  return { config, open };
}

const restore = (t: Test, config: string, ...args: readonly string[]): RunningTool =>
  runTool(t, 'locker-test', ['--config', config, '--restore', ...args]);

t.test(
  'what passes and was withheld is put back into use; what was not so, or failed, is left',
  async (t) => {
    const { config, open } = kioskWith(t, [
      { type: 'item-stocked', locker: one, item: itemId('31234000000016') },
      { type: 'locker-withheld', locker: one, reason: 'did-not-open' },
      { type: 'locker-withheld', locker: three, reason: 'outcome-unknown' },
    ]);
    const tool = restore(t, config, '1-3');
    for (const door of [1, 2]) {
      await openAndShut(emulator, door, () => tool.out().split('开门 opened').length === door + 1);
    }
    await until(() => tool.out().includes('outcome-unknown'), 'the withheld door 3');
    tool.type('s');
    t.equal(await tool.ended, 1, tool.err());
    t.match(tool.out(), /out of use: did-not-open\n.*recorded: 书 book 31234000000016\n/);
    t.match(tool.out(), /door 1: 正常 ok，恢复使用 back in use\n/);
    t.match(tool.out(), /door 2: 正常 ok\n/);
    t.match(tool.out(), /recorded: 空 empty/);
    const journal = open();
    t.same(
      journal.read(4, 10).map(({ event }) => event),
      [{ type: 'locker-restored', locker: one }],
    );
    const { lockers } = journal.load();
    t.match(lockers.get(one), { withheld: null, item: '31234000000016' });
    t.equal(lockers.get(two), undefined);
    t.match(lockers.get(three), { withheld: 'outcome-unknown' });
  },
);

t.test('the journal of a kiosk that runs is left alone, and no lock moves', async (t) => {
  const { config, open } = kioskWith(t, [{ type: 'locker-withheld', locker: one, reason: 'did-not-open' }]);
  open();
  const tool = restore(t, config, '1');
  t.equal(await tool.ended, 1);
  t.match(tool.err(), /书亭程序正在使用账本/);
  t.equal(tool.out(), '');
});

t.test('a pulse alone proves nothing: it restores no locker', async (t) => {
  const { config } = kioskWith(t, [{ type: 'locker-withheld', locker: one, reason: 'did-not-open' }]);
  t.equal(await restore(t, config, '--no-wait', '1').ended, 2);
});
