import type { Host, Port } from '../../port/index.js';
import { findModule } from './find.js';
import { Gm65Module } from './module.js';
import { type Gm65Model, registersOf, type Setting } from './profile.js';

/** A register beside what the profile wants of it; `value` is null when the module does not tell it. */
export interface RegisterReading {
  readonly address: number;
  readonly value: number | null;
  readonly settings: readonly Setting[];
}

/** What a module says of itself. */
export interface Gm65Inspection {
  /** The speed it answers at; null when it does not. */
  readonly baudRate: number | null;
  readonly registers: readonly RegisterReading[];
  /** Passes on its scans; the caller's to close. */
  readonly port: Port;
}

/** Reads a module's settings and changes none. Rejects as `openPort` does. */
export async function inspectGm65(
  host: Host,
  path: string,
  baudRate: number,
  model: Gm65Model,
): Promise<Gm65Inspection> {
  const found = await findModule(host, path, baudRate);
  if (!found) {
    const module = await Gm65Module.open(host, path, baudRate);
    return { baudRate: null, registers: [], port: module.asPort() };
  }
  const registers: RegisterReading[] = [];
  for (const [address, settings] of registersOf(model))
    registers.push({ address, value: await found.module.read(address), settings });
  return { baudRate: found.baudRate, registers, port: found.module.asPort() };
}
