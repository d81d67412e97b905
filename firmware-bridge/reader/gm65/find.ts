import { limits } from '../../../src/kernel/limits.js';
import { waited } from '../../../src/kernel/wait.js';
import type { Host } from '../../port/index.js';
import { Gm65Module } from './module.js';
import { baudData, baudRates, baudRegister } from './profile.js';

/** A module that answers. */
export interface FoundModule {
  readonly module: Gm65Module;
  readonly baudRate: number;
}

/** The module behind `path`, looked for at `baudRate` first; null when it answers at no speed. Rejects as `openPort` does. */
export async function findModule(host: Host, path: string, baudRate: number): Promise<FoundModule | null> {
  for (const speed of new Set([baudRate, ...baudRates])) {
    const module = await answeringModule(host, path, speed);
    if (module) return { module, baudRate: speed };
  }
  return null;
}

/**
 * The same module at the wanted speed, saved; at the speed it was found with when it does not follow; null when it is lost on the
 * way. A port has one speed for life, so the module is told and then opened anew.
 */
export async function changeSpeed(
  host: Host,
  { module, baudRate }: FoundModule,
  wanted: number,
): Promise<FoundModule | null> {
  const { path } = module.port;
  await module.ask({ kind: 'write', address: baudRegister, data: baudData(wanted) });
  await module.port.close();
  await waited(host.timers.wait, limits.gm65RestartMs);
  const following = await answeringModule(host, path, wanted);
  if (!following) {
    const left = await answeringModule(host, path, baudRate);
    return left && { module: left, baudRate };
  }
  await following.ask({ kind: 'save' });
  return { module: following, baudRate: wanted };
}

async function answeringModule(host: Host, path: string, baudRate: number): Promise<Gm65Module | null> {
  const module = await Gm65Module.open(host, path, baudRate);
  if (await module.ask({ kind: 'heartbeat' })) return module;
  await module.port.close();
  return null;
}
