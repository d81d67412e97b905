import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { Count } from './receiver.js';

const CONNECT = Buffer.of(0x10);
const PUBLISH = 3;
const positionBegins = '{"position":'.length;

/** A subscriber at QoS 1. */
export interface BridgeReceiver {
  close(): void;
}

/**
 * Receives one event in each message and counts its position: as little MQTT 3.1.1 as that takes, so that the bridge is
 * measured and not its receiver. Its session survives a restart of the broker.
 */
export async function startBridgeReceiver(
  port: number,
  filter: string,
  count: Count,
): Promise<BridgeReceiver> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const session = Buffer.concat([text('MQTT'), Buffer.of(4, 0, 0, 0), text('bridge-receiver')]);
  const subscription = Buffer.concat([Buffer.of(0, 1), text(filter), Buffer.of(1)]);
  const subscribed = new Promise<void>((resolve) => readPackets(socket, count, resolve));
  socket.write(Buffer.concat([packet(CONNECT, session), packet(Buffer.of(0x82), subscription)]));
  await subscribed;
  return { close: () => void socket.destroy() };
}

/** Takes the stream apart; `onSubscribed` when the broker has confirmed the subscription. */
function readPackets(socket: Socket, count: Count, onSubscribed: () => void): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    const confirmed: number[] = [];
    let at = 0;
    for (let whole = wholePacket(bytes, at); whole; whole = wholePacket(bytes, at)) {
      const { kind, from, to } = whole;
      if (kind === PUBLISH) {
        const idAt = from + 2 + bytes.readUInt16BE(from);
        confirmed.push(0x40, 2, bytes[idAt] ?? 0, bytes[idAt + 1] ?? 0);
        const position = numberAt(bytes, idAt + 2 + positionBegins);
        count.add(position, position);
      } else if (kind === 9) onSubscribed();
      at = to;
    }
    rest = bytes.subarray(at);
    if (confirmed.length > 0) socket.write(Buffer.from(confirmed));
  });
  socket.on('error', () => socket.destroy());
}

/** The packet that begins at `at`, if all of it is there: its kind, and where its body begins and ends. */
function wholePacket(bytes: Buffer, at: number) {
  let length = 0;
  for (let digit = 0; digit < 4; digit += 1) {
    const byte = bytes[at + 1 + digit];
    if (byte === undefined) return undefined;
    length += (byte & 0x7f) << (7 * digit);
    if (byte >= 0x80) continue;
    const from = at + 2 + digit;
    return from + length <= bytes.length
      ? { kind: (bytes[at] ?? 0) >> 4, from, to: from + length }
      : undefined;
  }
  throw new Error('not MQTT');
}

function numberAt(bytes: Buffer, at: number): number {
  let value = 0;
  for (let index = at; ; index += 1) {
    const digit = (bytes[index] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return value;
    value = 10 * value + digit;
  }
}

const packet = (head: Buffer, body: Buffer) => Buffer.concat([head, Buffer.of(body.length), body]);

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'utf8');
  return Buffer.concat([Buffer.of(0, bytes.length), bytes]);
}
