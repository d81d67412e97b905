import { PassThrough } from 'node:stream';
import t from 'tap';
import { ReaderLine } from '../../../firmware-bridge/emulator/reader-line.js';
import { virtualHost } from '../../support/virtual-host.js';

t.test('a text leaves at the speed of the line, ended by CR; a second one waits for its end', async (t) => {
  const { timers } = virtualHost(t);
  const line = new PassThrough();
  const reader = new ReaderLine(line, timers);
  let sent = '';
  line.on('data', (bytes: Buffer) => {
    sent += String(bytes);
  });
  const pass = `LN1:${'A'.repeat(500)}`;
  const startMs = timers.nowMs;
  t.same(reader.scan(pass), { ok: true });
  await timers.until(() => sent !== '');
  t.same(reader.scan('at once'), { ok: false, reason: 'reader-busy' });
  await timers.until(() => sent === `${pass}\r`);
  const tookMs = timers.nowMs - startMs;
  t.ok(tookMs >= 526 && tookMs < 540, `505 bytes of 10 bits at 9600 baud in ${tookMs} ms`);
  t.same(reader.scan('later'), { ok: true });
  reader.stop();
});
