import { fileURLToPath } from 'node:url';
import t from 'tap';
import { type BoardEvent, createLockerBoard } from '../../../firmware-bridge/board/index.js';
import { startEmulator } from '../../../firmware-bridge/emulator/client.js';
import { lockerNo } from '../../../src/kernel/ids.js';
import { silentLog } from '../../../src/kernel/log.js';
import { packageRoot } from '../../../src/kernel/package-root.js';
import { mega24 } from '../../support/plugged-board.js';
import { until } from '../../support/until.js';

const cabinetFile = fileURLToPath(new URL('hardware/mega-24.yaml', packageRoot));

for (const line of ['pty', 'tcp:0']) {
  t.test(
    `over ${line}: the host’s pulse frees one door, and the host sees the hand open and shut it`,
    async (t) => {
      const emulator = await startEmulator({ cabinetFile, boards: line });
      t.teardown(() => emulator.stop());
      const events: BoardEvent[] = [];
      const board = createLockerBoard({
        path: emulator.boards.main ?? '',
        description: mega24,
        log: silentLog,
        onEvent: (event) => events.push(event),
      });
      t.teardown(() => board.close());
      board.start();
      await until(() => board.ready, 'the host and the board agree', 15_000);
      t.same(await emulator.door(7, 'open'), { ok: false, reason: 'door-latched' });
      board.unlock(lockerNo(7), 1, 'normal');
      await until(() => events.some((event) => event.kind === 'pulse' && event.outcome.kind !== 'refused'));
      t.same(await emulator.door(8, 'open'), { ok: false, reason: 'door-latched' });
      t.same(await emulator.door(7, 'open'), { ok: true });
      const seen = (door: string) =>
        events.some((event) => event.kind === 'door' && event.locker === 7 && event.door === door);
      await until(() => seen('open'));
      t.same(await emulator.door(7, 'close'), { ok: true });
      await until(() => seen('closed'));
    },
  );
}
