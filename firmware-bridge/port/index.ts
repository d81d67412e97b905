import { realTimers } from '../../src/kernel/wait.js';
import type { Host, Port, PortOptions } from './port.js';
import { openSerialPort } from './serial-port.js';
import { openTcpPort } from './tcp-port.js';

export type { Host, OpenPort, Port, PortOptions } from './port.js';

/**
 * Opens a device path (`/dev/serial/by-id/...`, exclusively) or `tcp://host:port` (serial over TCP).
 * Rejects with `port.busy`, `port.unavailable`, or `config.invalid` for an address that is none.
 */
export async function openPort(path: string, options: PortOptions): Promise<Port> {
  return path.startsWith('tcp://') ? openTcpPort(path) : openSerialPort(path, options);
}

/** The computer this program runs on. */
export const thisHost: Host = { openPort, timers: realTimers };
