import { setTimeout as wait } from 'node:timers/promises';
import { limits } from '../../../src/kernel/limits.js';
import type { Port } from '../../port/index.js';
import { Gm65Module } from './module.js';
import { baudData, baudRates, baudRegister, type Gm65Model, settingsOf } from './profile.js';

/** What became of a module's settings. */
export type Gm65Outcome =
  /** As the profile wants them; `repaired` registers were not. */
  | { readonly kind: 'configured'; readonly repaired: readonly number[] }
  /** It does not answer at any speed, or does not keep what it is told; its scans are taken all the same. */
  | { readonly kind: 'unconfigured'; readonly why: string };

export interface Gm65Options {
  readonly path: string;
  readonly baudRate: number;
  readonly model: Gm65Model;
  /** Told once for each opening. */
  readonly onOutcome: (outcome: Gm65Outcome) => void;
}

/**
 * Opens the port of a GM65 or GM861 that passes on its scans only. The module is looked for at other speeds when it does not
 * answer (a factory reset sets 9600), and its settings are compared with the profile and repaired on the side.
 * Rejects as `openPort` does.
 */
export async function openGm65(options: Gm65Options): Promise<Port> {
  const found = await find(options);
  if (!found) {
    const module = await Gm65Module.open(options.path, options.baudRate);
    options.onOutcome({ kind: 'unconfigured', why: 'it does not answer at any speed' });
    return portOf(module);
  }
  void repair(found, options.model).then((outcome) => {
    // A port that is gone says nothing about settings.
    if (found.isOpen) options.onOutcome(outcome);
  });
  return portOf(found);
}

/** The module, answering at the wanted speed; null when it is not found. */
async function find({ path, baudRate }: Gm65Options): Promise<Gm65Module | null> {
  const others = baudRates.filter((other) => other !== baudRate);
  for (const speed of [baudRate, ...others]) {
    const module = await Gm65Module.open(path, speed);
    if (await module.ask({ kind: 'heartbeat' })) {
      if (speed === baudRate) return module;
      return changeSpeed(module, path, baudRate);
    }
    await module.port.close();
  }
  return null;
}

/** A port has one speed for life, so the module is told and then opened anew. */
async function changeSpeed(module: Gm65Module, path: string, baudRate: number): Promise<Gm65Module | null> {
  await module.ask({ kind: 'write', address: baudRegister, data: baudData(baudRate) });
  await module.port.close();
  await wait(limits.gm65RestartMs);
  const again = await Gm65Module.open(path, baudRate);
  if (await again.ask({ kind: 'heartbeat' })) {
    await again.ask({ kind: 'save' });
    return again;
  }
  await again.port.close();
  return null;
}

async function repair(module: Gm65Module, model: Gm65Model): Promise<Gm65Outcome> {
  const repaired: number[] = [];
  for (const [address, { mask, value }] of settingsOf(model)) {
    const before = await readRegister(module, address);
    if (before === null) return { kind: 'unconfigured', why: `register ${hex(address)} cannot be read` };
    if ((before & mask) === value) continue;
    await module.ask({ kind: 'write', address, data: [(before & ~mask & 0xff) | value] });
    const after = await readRegister(module, address);
    if (after === null || (after & mask) !== value)
      return { kind: 'unconfigured', why: `register ${hex(address)} does not keep its value` };
    repaired.push(address);
  }
  if (repaired.length > 0 && !(await module.ask({ kind: 'save' })))
    return { kind: 'unconfigured', why: 'the settings cannot be saved' };
  return { kind: 'configured', repaired };
}

async function readRegister(module: Gm65Module, address: number): Promise<number | null> {
  const data = await module.ask({ kind: 'read', address, count: 1 });
  return data?.length === 1 ? (data[0] ?? null) : null;
}

const hex = (address: number) => address.toString(16).padStart(4, '0').toUpperCase();

/** The module as a port whose data are its scans. */
function portOf(module: Gm65Module): Port {
  const { port } = module;
  return {
    path: port.path,
    onData: (listener) => module.onText(listener),
    onClose: (listener) => module.onClose(listener),
    write: (bytes) => port.write(bytes),
    close: () => port.close(),
  };
}
