import firmataIo, { type Firmata } from 'firmata-io';
import { commandOf, decodeFrame, type Frame, type MessageKind } from './wire.js';

const fromBoard: readonly MessageKind[] = ['welcome', 'answer', 'pulsed', 'status', 'doors', 'items'];
const receivers = new WeakMap<Firmata, (frame: Frame) => void>();
let registered = false;

/**
 * Hands the lock guard frames of one firmata-io instance to `receive`.
 * firmata-io keeps its sysex handlers per process and takes each once, so they are registered once and find their
 * receiver by instance; a dropped instance takes its receiver with it.
 */
export function receiveFrames(io: Firmata, receive: (frame: Frame) => void): void {
  registerOnce(io);
  receivers.set(io, receive);
}

/** Ends what `receiveFrames` began. */
export function stopReceivingFrames(io: Firmata): void {
  receivers.delete(io);
}

function registerOnce(io: Firmata): void {
  if (registered) return;
  registered = true;
  for (const kind of fromBoard) {
    const command = commandOf(kind);
    io.sysexResponse(command, function receive(body) {
      const frame = decodeFrame(Uint8Array.of(0xf0, command, ...body, 0xf7));
      if (frame.ok) receivers.get(this)?.(frame.value);
    });
  }
}

export const { Firmata: FirmataIo } = firmataIo;
