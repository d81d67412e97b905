import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { freePort, runMosquitto, startMosquitto } from '../../scripts/proofs/support/mosquitto.js';
import { bundle, catalogue, initAuthority, issue } from '../../scripts/technician/certificates/authority.js';

import { limits } from '../../src/kernel/limits.js';
import { packageRoot } from '../../src/kernel/package-root.js';
import { type BrokerAddress, connectMqtt } from '../../src/mqtt/connection.js';
import { embedded } from '../support/brokers.js';
import { recordingLog } from '../support/catalogue.js';
import { startStreetBroker } from '../support/street-broker.js';
import { until } from '../support/until.js';

// The tests wait more than they work.
t.jobs = 6;

/** A connection, what it says of itself, and what it hears. */
function open(test: Test, way: BrokerAddress, subscribe: readonly string[] = ['#']) {
  const { log, lines } = recordingLog();
  const online: boolean[] = [];
  const heard: string[] = [];
  const connection = connectMqtt({
    ...way,
    clientId: 'test',
    subscribe,
    log,
    onOnline: (isOnline) => online.push(isOnline),
    onMessage: (topic, payload) => heard.push(`${topic} ${Buffer.from(payload)}`),
  });
  test.teardown(() => connection.close());
  const codes = () => lines.flatMap(({ fields }) => ('code' in fields ? [fields.code] : []));
  return { connection, lines, codes, heard, online, isOnline: () => online.at(-1) === true };
}

/** A server for one kind of mischief; returns its way and how many connections it has had. */
async function playBroker(test: Test, serve: (socket: Socket, n: number) => void) {
  let count = 0;
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    count += 1;
    serve(socket, count);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  test.teardown(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  return { url: `mqtt://127.0.0.1:${port}`, count: () => count };
}

t.test('a broker without MQTT 5 gets MQTT 3.1.1 at once, without a warning', async (t) => {
  const broker = await embedded.start(t.testdir(), t);
  t.teardown(() => broker.kill());
  const { isOnline, codes } = open(t, broker.addressOf('jn-01'));
  await until(isOnline, 'the connection');
  t.strictSame(codes(), []);
});

t.test('so is one that closes the connection without an answer to MQTT 5', async (t) => {
  const { url, kill } = await startMosquitto(t.testdir());
  t.teardown(kill);
  const versions: (number | undefined)[] = [];
  const old = await playBroker(t, (socket) =>
    socket.once('data', (first: Buffer) => {
      versions.push(first[8]);
      if (first[8] === 5) {
        socket.destroy();
        return;
      }
      const behind = connect(Number(new URL(url).port), '127.0.0.1');
      behind.write(first);
      socket.pipe(behind).pipe(socket);
    }),
  );
  const { isOnline, codes } = open(t, { url: old.url });
  await until(isOnline, 'the connection');
  t.strictSame([versions, codes()], [[5, 4], ['link.down']]);
});

t.test(
  'a broker that refuses this end is asked again, said so once, and heals without a restart',
  async (t) => {
    const file = join(t.testdir(), 'mosquitto.conf');
    const port = await freePort();
    writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous false\n`);
    const mosquitto = await runMosquitto(file, port, 'mqtt');
    t.teardown(mosquitto.kill);
    const counted = await playBroker(t, (socket) => {
      const behind = connect(port, '127.0.0.1');
      behind.on('error', () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    });
    const { isOnline, codes } = open(t, counted);
    await until(() => counted.count() === 2, 'another try');
    t.strictSame(codes(), ['link.refused']);
    writeFileSync(file, readFileSync(file, 'utf8').replace('false', 'true'));
    mosquitto.reload();
    await until(isOnline, 'it to heal');
    t.strictSame(codes(), ['link.refused']);
  },
);

t.test(
  'certificates that are missing, foreign or too old are named, and count once they are renewed',
  async (t) => {
    const folder = t.testdir();
    const broker = await startStreetBroker(folder);
    t.teardown(() => broker.kill());
    const { url, tls: good } = broker.addressOf('jn-01');
    const others = join(folder, 'others');
    initAuthority(others, 'jiangning');
    const foreign = issue(others, catalogue);
    const spoil = {
      missing: (place: string) => rmSync(join(place, bundle.certificate)),
      garbled: (place: string) => writeFileSync(join(place, bundle.key), 'no key'),
      foreign: (place: string) => copyFileSync(join(foreign, bundle.ca), join(place, bundle.ca)),
      old: (place: string) => signLongAgo(broker.certificates, place),
    };
    const fill = (place: string) => {
      copyFileSync(good.caFile ?? '', join(place, bundle.ca));
      copyFileSync(good.certFile ?? '', join(place, bundle.certificate));
      copyFileSync(good.keyFile ?? '', join(place, bundle.key));
    };
    const opened = Object.entries(spoil).map(([how, spoilIt]) => {
      const place = join(folder, how);
      mkdirSync(place);
      fill(place);
      spoilIt(place);
      const file = (name: string) => join(place, name);
      const tls = { caFile: file(bundle.ca), certFile: file(bundle.certificate), keyFile: file(bundle.key) };
      return { how, place, ...open(t, { url, tls }) };
    });
    for (const { how, codes } of opened) {
      await until(() => codes().length > 0, `${how} to be noticed`);
      t.strictSame(codes(), ['link.tls'], how);
    }
    for (const { place } of opened) fill(place);
    for (const { how, isOnline, codes } of opened) {
      await until(isOnline, `what was ${how} to be good`);
      t.strictSame(codes(), ['link.tls'], how);
    }
  },
);

/** Gives the key in `place` a certificate that ran out years ago. */
function signLongAgo(certificates: string, place: string): void {
  const [key, request] = [join(place, bundle.key), join(place, 'request')];
  const config = fileURLToPath(new URL('scripts/technician/certificates/openssl.cnf', packageRoot));
  const env = { ...process.env, STREET_CA: join(certificates, 'authority') };
  const openssl = (...args: readonly string[]) => spawnSync('openssl', args, { env });
  openssl('req', '-config', config, '-new', '-key', key, '-subj', '/CN=jn-01', '-out', request);
  const dates = ['-startdate', '20200101000000Z', '-enddate', '20200201000000Z'];
  const files = ['-in', request, '-out', join(place, bundle.certificate)];
  openssl('ca', '-config', config, '-batch', '-notext', '-extensions', 'client', ...dates, ...files);
}

t.test('the connection is closed on an oversized message before it fills the memory', async (t) => {
  let wrote = 0;
  const endless = await playBroker(t, (socket) =>
    socket.once('data', (first: Buffer) => {
      socket.write(first[8] === 5 ? Uint8Array.of(0x20, 3, 0, 0, 0) : Uint8Array.of(0x20, 2, 0, 0));
      socket.write(Uint8Array.of(0x30, 0xff, 0xff, 0xff, 0x7f));
      const more = Buffer.alloc(65_536);
      const flood = () => {
        while (!socket.destroyed && socket.write(more)) wrote += more.length;
      };
      socket.on('drain', flood);
      flood();
    }),
  );
  const { codes } = open(t, endless);
  await until(() => endless.count() > 1, 'another try');
  t.equal(codes()[0], 'link.bad-message');
  t.ok(wrote < limits.linkPacketBytes, `${wrote} bytes were taken`);
});
