import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { silentLog } from '../../../../src/kernel/log.js';
import { connectMqtt } from '../../../../src/mqtt/connection.js';
import type { Random } from '../../support/random.js';

/** What came of packets that are no MQTT, or hardly. */
export interface PacketOutcome {
  readonly packets: number;
  readonly connections: number;
  /** Whether a proper broker was spoken to afterwards. */
  readonly isAlive: boolean;
}

const nothing = () => undefined;
const packetsEach = 20;

function packet(first: number, body: readonly number[]): Buffer {
  const length: number[] = [];
  let rest = body.length;
  do {
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
    rest = Math.floor(rest / 128);
  } while (rest > 0);
  return Buffer.from([first, ...length, ...body]);
}

const utf8 = (text: string) => {
  const bytes = [...Buffer.from(text, 'utf8')];
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
};

/** One packet of any kind a broker may send, as it should be or nearly. */
function anyPacket(random: Random, isFive: boolean): Buffer {
  const id = [random.between(0, 255), random.between(0, 255)];
  const properties = isFive ? [random.pick([0, 0, 3, 5]), 0x23, 0, random.between(0, 255), 1, 1] : [];
  const topic = random.pick(['lening/v1/jiangning/jn-01/command', '', '#', '\u0000', 'a/'.repeat(500)]);
  const payload = Array.from({ length: random.between(0, 60) }, () => random.between(0, 255));
  const publish = (flags: number) =>
    packet(0x30 | flags, [...utf8(topic), ...((flags & 6) > 0 ? id : []), ...properties, ...payload]);
  const kinds = [
    () => publish(random.between(0, 15)),
    () => packet(0x20, [random.between(0, 1), random.pick([0, 0, 1, 135]), ...properties]),
    () =>
      packet(random.pick([0x40, 0x50, 0x62, 0x70, 0x90, 0xb0]), [
        ...id,
        random.between(0, 255),
        ...properties,
      ]),
    () => packet(random.pick([0xd0, 0xe0, 0xf0, 0x00, 0xc0, 0x10, 0x82]), payload),
  ];
  const bytes = random.pick(kinds)();
  for (let n = random.between(0, 2); n > 0; n -= 1) {
    const at = random.between(0, bytes.length - 1);
    bytes[at] = random.between(0, 255);
  }
  return random.chance(0.05) ? bytes.subarray(0, random.between(1, bytes.length)) : bytes;
}

/** Answers a client's CONNECT as a broker does, sends what `more` makes of it, and closes the socket. */
function serve(socket: Socket, more: (isFive: boolean) => Buffer): void {
  socket.on('error', nothing);
  let stage = 0;
  let isFive = false;
  socket.on('data', (bytes: Buffer) => {
    stage += 1;
    if (stage === 1) {
      isFive = bytes[8] === 5;
      socket.write(isFive ? packet(0x20, [0, 0, 0]) : packet(0x20, [0, 0]));
    } else if (stage === 2) {
      const id = [...bytes.subarray(2, 4)];
      socket.write(packet(0x90, [...id, ...(isFive ? [0] : []), 1]));
      socket.end(more(isFive));
    }
  });
}

/** Lets clients of the link come to a server that answers with nonsense of MQTT's own kind. */
export async function sendInvalidPackets(packets: number, random: Random): Promise<PacketOutcome> {
  let isGibberish = true;
  const server = createServer((socket) =>
    serve(socket, (isFive) =>
      isGibberish
        ? Buffer.concat(Array.from({ length: packetsEach }, () => anyPacket(random, isFive)))
        : packet(0x30, [...utf8('a'), ...(isFive ? [0] : []), 1]),
    ),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const connections = Math.ceil(packets / packetsEach);
  for (let n = 0; n < connections; n += 1) await connectOnce(port, n % 2 === 0 ? 5 : 4);
  isGibberish = false;
  const isAlive = await connectOnce(port, 4);
  server.close();
  return { packets: connections * packetsEach, connections, isAlive };
}

/** Connects once and stays until the server has finished; true when a message was received. */
async function connectOnce(port: number, protocolVersion: 4 | 5): Promise<boolean> {
  let isHeard = false;
  let wasOnline = false;
  await new Promise<void>((resolve) => {
    const connection = connectMqtt({
      url: `mqtt://127.0.0.1:${port}`,
      clientId: 'wire',
      protocolVersion,
      subscribe: ['a'],
      log: { ...silentLog, warn: () => void connection.close().then(resolve) },
      onMessage() {
        isHeard = true;
      },
      onOnline(online) {
        wasOnline ||= online;
      },
    });
  });
  return isHeard && wasOnline;
}
