import { once } from 'node:events';
import { connect } from 'node:net';
import { Duplex } from 'node:stream';
import t, { type Test } from 'tap';
import { TcpPlug } from '../../../firmware-bridge/emulator/plug.js';
import { openTcpLine } from '../../../firmware-bridge/emulator/tcp.js';
import { until } from '../../support/until.js';

async function lineFor(t: Test) {
  const line = await openTcpLine(0);
  t.teardown(() => line.close());
  const port = Number(new URL(line.address).port);
  const client = async () => {
    const socket = connect(port, '127.0.0.1');
    t.teardown(() => socket.destroy());
    await once(socket, 'connect');
    return socket;
  };
  let got = '';
  line.stream.on('data', (bytes: Buffer) => {
    got += String(bytes);
  });
  return { line, port, client, got: () => got };
}

t.test('carries bytes for one client after another', async (t) => {
  const { line, client, got } = await lineFor(t);
  const first = await client();
  first.write('one');
  await until(() => got() === 'one');
  line.stream.write('hello');
  t.equal(String(await once(first, 'data')), 'hello');
  first.destroy();
  await once(first, 'close');
  // The line may learn of the first one's end a moment later, and turns others away until then.
  while (got() === 'one') {
    const second = await client();
    second.write('two');
    await Promise.race([once(second, 'close'), until(() => got() !== 'one')]);
  }
  t.equal(got(), 'onetwo');
});

t.test('turns a second client away and keeps the first', async (t) => {
  const { client, got } = await lineFor(t);
  const first = await client();
  first.write('a');
  await until(() => got() === 'a');
  const second = await client();
  await once(second, 'close');
  first.write('b');
  await until(() => got() === 'ab');
});

t.test('bytes for nobody are lost', async (t) => {
  const { line, client, got } = await lineFor(t);
  await new Promise((resolve) => line.stream.write('lost', resolve));
  const socket = await client();
  socket.write('x');
  await until(() => got() === 'x');
  line.stream.write('kept');
  t.equal(String(await once(socket, 'data')), 'kept');
});

t.test('a port in use is a fault, by name', async (t) => {
  const { port } = await lineFor(t);
  await t.rejects(openTcpLine(port), { code: 'port.busy' });
});

t.test(
  'unplugged, a device hangs up and turns clients away; plugged in, it is back at its address',
  async (t) => {
    const { line, client, got } = await lineFor(t);
    const silent = new Duplex({ read: () => undefined, write: (_bytes, _encoding, done) => done() });
    const plug = new TcpPlug(line, silent);
    const first = await client();
    first.write('a');
    await until(() => got() === 'a');
    plug.unplug();
    t.notOk(plug.plugged);
    await once(first, 'close');
    const turnedAway = await client();
    await once(turnedAway, 'close');
    plug.plug();
    t.ok(plug.plugged);
    const again = await client();
    again.write('b');
    await until(() => got() === 'ab');
  },
);
