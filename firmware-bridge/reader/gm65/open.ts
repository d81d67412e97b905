import type { Host, Port } from '../../port/index.js';
import { changeSpeed, type FoundModule, findModule } from './find.js';
import { Gm65Module } from './module.js';
import { type Gm65Model, registersOf, repairedValue } from './profile.js';

/** What became of a module's settings. */
export type Gm65Outcome =
  /** As the profile wants them; `repaired` registers were not. */
  | { readonly kind: 'configured'; readonly repaired: readonly number[] }
  /** It does not answer at any speed, or does not keep what it is told; its scans are taken all the same. */
  | { readonly kind: 'unconfigured'; readonly why: string };

export interface Gm65Options {
  readonly host: Host;
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
export async function openGm65({ host, path, baudRate, model, onOutcome }: Gm65Options): Promise<Port> {
  const found = await atSpeed(host, await findModule(host, path, baudRate), baudRate);
  if (!found) {
    const module = await Gm65Module.open(host, path, baudRate);
    onOutcome({ kind: 'unconfigured', why: 'it does not answer at any speed' });
    return module.asPort();
  }
  void repair(found, model, baudRate).then((outcome) => {
    // A port that is gone says nothing about settings.
    if (found.module.isOpen) onOutcome(outcome);
  });
  return found.module.asPort();
}

async function atSpeed(host: Host, found: FoundModule | null, wanted: number): Promise<FoundModule | null> {
  return found && found.baudRate !== wanted ? changeSpeed(host, found, wanted) : found;
}

/** Sets what differs and saves it; a register that does not keep its value does not keep the others from being set. */
async function repair(
  { module, baudRate }: FoundModule,
  model: Gm65Model,
  wanted: number,
): Promise<Gm65Outcome> {
  const repaired: number[] = [];
  const faults = baudRate === wanted ? [] : [`it stays at ${baudRate} baud`];
  for (const [address, settings] of registersOf(model)) {
    const before = await module.read(address);
    if (before === null) {
      faults.push(`register ${registerName(address)} cannot be read`);
      break;
    }
    const value = repairedValue(before, settings);
    if (value === before) continue;
    await module.ask({ kind: 'write', address, data: [value] });
    const after = await module.read(address);
    if (after !== null && repairedValue(after, settings) === after) repaired.push(address);
    else faults.push(`register ${registerName(address)} does not keep its value`);
  }
  if (repaired.length > 0 && !(await module.ask({ kind: 'save' })))
    faults.push('it does not save its settings');
  return faults.length === 0
    ? { kind: 'configured', repaired }
    : { kind: 'unconfigured', why: faults.join('; ') };
}

/** A register as the vendor writes it: `0003`. */
export function registerName(address: number): string {
  return address.toString(16).padStart(4, '0').toUpperCase();
}
