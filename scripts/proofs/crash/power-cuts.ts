import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRandom, type Random } from '../support/random.js';
import { Disk, type DiskStep, type Image, readDiskTrace, straceOptions } from './disk.js';

import {
  addBreaches,
  type Breaches,
  ExpectedJournal,
  noBreaches,
  readWriterOutput,
  verify,
} from './verify.js';

/** Random images of the disk per step, besides the least and the fullest. */
const someImages = 4;

export interface CutOptions {
  readonly folder: string;
  readonly seed: number;
  /** Steps of residents and doors; the power is cut at every operation during them. */
  readonly steps: number;
  readonly synchronous: 'FULL' | 'NORMAL';
  onProgress(share: number): void;
}

/** The result of power cuts at every recorded write and sync. */
export interface CutResult {
  /** Writes, truncations, removals and syncs at which it was cut. */
  readonly cuts: number;
  readonly images: number;
  readonly events: number;
  readonly breaches: Breaches;
}

/**
 * Records everything a writer does to its journal's files, then rebuilds the disk as a power cut may have left it before
 * and after each step, opens each of those journals, and compares it with the writer's output by then.
 */
export async function cutPowerEverywhere(options: CutOptions): Promise<CutResult> {
  const steps = record(options);
  const full = new ExpectedJournal();
  for (const step of steps) recordOutput(full, step);
  const random = createRandom(options.seed, 'power cuts');
  const disk = new Disk();
  const expected = new ExpectedJournal();
  const folder = join(options.folder, 'image');
  let [cuts, images, breaches] = [0, 0, noBreaches];
  for (const [at, step] of steps.entries()) {
    disk.take(step);
    recordOutput(expected, step);
    if (step.kind !== 'output') cuts += 1;
    for (const image of imagesOf(disk, step, random)) {
      images += 1;
      breaches = addBreaches(breaches, verify(restore(folder, image), expected, full).breaches);
    }
    options.onProgress((at + 1) / steps.length);
    await new Promise(setImmediate);
  }
  return { cuts, images, events: full.events.length, breaches };
}

function record({ folder, seed, steps, synchronous }: CutOptions): DiskStep[] {
  const disk = join(folder, 'disk');
  mkdirSync(disk, { recursive: true });
  const traceFile = join(folder, 'trace');
  const writer = fileURLToPath(new URL('writer.js', import.meta.url));
  const what = ['--seed', String(seed), '--steps', String(steps), '--synchronous', synchronous];
  const command = [process.execPath, writer, '--file', join(disk, 'journal.db'), ...what];
  const run = spawnSync('strace', [...straceOptions, '-o', traceFile, ...command], { encoding: 'utf8' });
  if (run.error) throw run.error;
  if (run.signal !== 'SIGKILL' && run.status !== 137) throw new Error(`the writer failed: ${run.stderr}`);
  const recorded = readDiskTrace(traceFile, disk);
  checkRecording(recorded, disk);
  return recorded;
}

/** Throws unless the trace reproduces the files that are there. */
function checkRecording(steps: readonly DiskStep[], folder: string): void {
  const disk = new Disk();
  for (const step of steps) disk.take(step);
  for (const [name, bytes] of disk.fullImage()) {
    if (!bytes.equals(readFileSync(join(folder, name))))
      throw new Error(`the trace misses writes to ${name}`);
  }
}

function recordOutput(expected: ExpectedJournal, step: DiskStep): void {
  if (step.kind === 'output') for (const entry of readWriterOutput(step.text)) expected.record(entry);
}

/** The images that this step may have changed. */
function imagesOf(disk: Disk, step: DiskStep, random: Random): Image[] {
  if (step.kind === 'output' || step.kind === 'sync') return [disk.leastImage()];
  return [disk.fullImage(), ...Array.from({ length: someImages }, () => disk.someImage(random))];
}

function restore(folder: string, image: Image): string {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
  return join(folder, 'journal.db');
}
