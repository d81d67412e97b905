import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { freemem, loadavg } from 'node:os';
import { join } from 'node:path';
import { deviceNumberOf } from '../kernel/device-number.js';

/** What the machine reports about itself; null where it does not report a value. */
export interface MachineVitals {
  /** The medium that holds the data folder. */
  readonly disk: {
    readonly freeBytes: number;
    readonly totalBytes: number;
    /** Since the machine started. */
    readonly writtenBytes: number | null;
    /** The medium's own estimate of its wear. */
    readonly lifeUsedPercent: number | null;
  } | null;
  readonly memory: { readonly rssBytes: number; readonly freeBytes: number };
  readonly cpu: {
    readonly celsius: number | null;
    /** Whether the supply voltage is too low at this moment. */
    readonly underVoltage: boolean | null;
    readonly load1: number;
  };
}

/** Makes the function that asks the machine; `root` is where its file systems are, for whoever plays another machine. */
export function createVitalsReader(dataFolder: string, root = '/'): () => MachineVitals {
  return () => ({
    disk: diskOf(dataFolder, root),
    memory: { rssBytes: process.memoryUsage.rss(), freeBytes: freemem() },
    cpu: { celsius: celsius(root), underVoltage: isUnderVoltage(root), load1: loadavg()[0] ?? 0 },
  });
}

function diskOf(dataFolder: string, root: string): MachineVitals['disk'] {
  try {
    const { bavail, blocks, bsize } = statfsSync(dataFolder);
    const device = deviceOf(dataFolder, root);
    return {
      freeBytes: bavail * bsize,
      totalBytes: blocks * bsize,
      writtenBytes: device === null ? null : writtenBytes(device),
      lifeUsedPercent: device === null ? null : lifeUsed(device),
    };
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

/** The folder in sysfs of the block device that holds `folder`; null when it is on none. */
function deviceOf(folder: string, root: string): string | null {
  const { dev } = statSync(folder);
  const { major, minor } = deviceNumberOf(dev);
  const device = join(root, 'sys/dev/block', `${major}:${minor}`);
  return read(join(device, 'stat')) === null ? null : device;
}

/** The seventh number of `stat` counts sectors of 512 bytes that were written, whatever the device’s own are. */
function writtenBytes(device: string): number | null {
  const sectors = Number(read(join(device, 'stat'))?.split(/\s+/)[6]);
  return Number.isInteger(sectors) ? sectors * 512 : null;
}

/** An eMMC estimates its wear in steps of ten percent, in two numbers; for a partition they are in the parent device. */
function lifeUsed(device: string): number | null {
  const text = read(join(device, 'device/life_time')) ?? read(join(device, '../device/life_time'));
  const steps = text?.split(/\s+/).map((hex) => Number.parseInt(hex, 16)) ?? [];
  const known = steps.filter((step) => step >= 1 && step <= 11);
  return known.length > 0 ? Math.max(...known) * 10 : null;
}

function celsius(root: string): number | null {
  const thousandths = Number(read(join(root, 'sys/class/thermal/thermal_zone0/temp')) ?? Number.NaN);
  return Number.isFinite(thousandths) ? thousandths / 1_000 : null;
}

/** A Pi has an under-voltage alarm among its sensors. */
function isUnderVoltage(root: string): boolean | null {
  const sensors = join(root, 'sys/class/hwmon');
  const pi = foldersIn(sensors).find((name) => read(join(sensors, name, 'name')) === 'rpi_volt');
  const alarm = pi === undefined ? null : read(join(sensors, pi, 'in0_lcrit_alarm'));
  return alarm === null ? null : alarm !== '0';
}

/** The text of a system file; null where this machine has none. */
function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    if (isSystemError(error)) return null;
    throw error;
  }
}

function foldersIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (isSystemError(error)) return [];
    throw error;
  }
}

const isSystemError = (error: unknown) => error instanceof Error && 'errno' in error;
