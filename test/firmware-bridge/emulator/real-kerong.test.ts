import { fileURLToPath } from 'node:url';
import t from 'tap';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { watch } from '../../support/board-events.js';
import { kerong24 } from '../../support/plugged-kerong.js';

const cabinetFile = fileURLToPath(new URL('hardware/kerong-24.yaml', packageRoot));

t.test(
  'a cabinet on a Kerong board: the host’s unlock lets one door spring open, and nothing else happens',
  async (t) => {
    const emulator = await startEmulator({ cabinetFile });
    t.teardown(() => emulator.stop());
    const { board, next } = watch(t, { path: emulator.boards.main ?? '', description: kerong24 });
    await next('ready');
    t.same(await emulator.door(7, 'open'), { ok: false, reason: 'door-latched' });
    board.unlock(lockerNo(7), 1, 'normal');
    t.match(await next('door'), { locker: 7, door: 'open' });
    const { lockers, boards } = await emulator.snapshot();
    t.same(
      lockers.flatMap(({ locker, door }) => (door === 'open' ? [locker] : [])),
      [7],
    );
    t.same(boards, [{ board: 'main', running: true, plugged: true, violations: [] }]);
    t.same(await emulator.door(7, 'close'), { ok: true });
    t.match(await next('door', 2), { locker: 7, door: 'closed' });
    t.same(await emulator.fault({ kind: 'power-cut', board: 'main' }), { ok: true });
    t.match((await emulator.snapshot()).boards, [{ running: false }]);
    t.same(await emulator.fault({ kind: 'unplug', board: 'main' }), { ok: true });
    t.match((await next('lost')).fault, { code: 'board.lost' });
    t.same(await emulator.fault({ kind: 'plug', board: 'main' }), { ok: true });
    await next('ready', 2);
  },
);
