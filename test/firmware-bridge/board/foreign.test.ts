import t, { type Test } from 'tap';
import { BoardDevice } from '../../../firmware-bridge/board/device.js';
import { silentLog } from '../../../src/kernel/log.js';
import { watch } from '../../support/board-events.js';
import { mega24 } from '../../support/plugged-board.js';
import { StandardFirmata } from '../../support/standard-firmata.js';
import { virtualHost } from '../../support/virtual-host.js';

/** Firmata's "which protocol?" and "which firmware?". */
const questions = ['f9', 'f079f7'];

t.test('recognises StandardFirmata and never sends it anything but who it is', async (t) => {
  const host = virtualHost(t);
  const line = host.plug('board', (bytes) => foreign.receive(bytes));
  const foreign = new StandardFirmata((bytes) => line.write(bytes));
  host.timers.wait(600, () => foreign.greet());
  const { board, next, of } = watch(t, { host, path: 'board', description: mega24 });
  t.match((await next('lost')).fault, { code: 'board.foreign', message: /runs "StandardFirmata\.ino"/ });
  await host.timers.until(() => foreign.messages.length >= 4, 'it is asked again later');
  await board.close();
  t.same(
    foreign.messages.filter((message) => !questions.includes(message)),
    [],
  );
  t.equal(of('lost').length, 1, 'told once');
});

/** What is known of a port where `says` arrives and the board is sought; and what was sent there, in hex. */
async function seek(test: Test, says: Uint8Array) {
  const host = virtualHost(test);
  let sent = '';
  const line = host.plug('board', (bytes) => {
    sent += Buffer.from(bytes).toString('hex');
    line.write(says);
  });
  const device = new BoardDevice(
    await host.openPort('board', { baudRate: 57_600 }),
    silentLog,
    host.timers.wait,
  );
  test.teardown(() => device.release());
  let outcome = 'sought';
  device
    .identify(() => undefined)
    .then(
      () => {
        outcome = 'found';
      },
      () => {
        outcome = 'refused';
      },
    );
  await host.timers.until(() => sent.length >= 2 * questions.join('').length, 'asked twice');
  return { sent, outcome, fault: device.identificationFault() };
}

const others: readonly (readonly [string, Uint8Array, string])[] = [
  ['a reader that has scanned a book', Buffer.from('30106000000017\r'), 'board.foreign'],
  // The answer of a CU48 to a status request, as another host on its line would cause it.
  ['a Kerong board', Uint8Array.of(0x02, 0x00, 0x00, 0x65, 0x0a, 0x03, 0x74), 'board.foreign'],
  ['a device that says nothing unasked', new Uint8Array(), 'board.silent'],
];

for (const [what, says, code] of others) {
  t.test(`takes ${what} for no board, and asks it only who it is`, async (t) => {
    const { sent, outcome, fault } = await seek(t, says);
    t.equal(sent.replaceAll(questions.join(''), ''), '');
    t.equal(outcome, 'sought');
    t.equal(fault.code, code);
  });
}
