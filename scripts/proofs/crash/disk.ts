import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Random } from '../support/random.js';

/** The content of a disk after a power cut: its files by name. */
export type Image = ReadonlyMap<string, Buffer>;

/** A disk writes this many bytes whole or not at all. */
const sectorBytes = 512;

type Pending = Extract<DiskStep, { kind: 'write' | 'truncate' }>;
/** Chooses which pending steps reached the disk, and whether a pending removal did. */
interface Chance {
  kept(pending: readonly Pending[]): readonly Pending[];
  isRemoved(): boolean;
}

interface File {
  /** What is on the disk for certain; null: perhaps not even its name. */
  readonly certain: Buffer | null;
  /** What was done to it since the last sync: all, none or any part of it may be there. */
  readonly pending: readonly Pending[];
  /** Removed, but the folder was not synced since. */
  readonly removed: boolean;
}

const absent: File = { certain: null, pending: [], removed: false };

/** The possible content of a disk while a process writes to it: synced writes are certain, of the others any part may be there. */
export class Disk {
  readonly #files = new Map<string, File>();

  take(step: DiskStep): void {
    switch (step.kind) {
      case 'output':
        return;
      case 'sync-names':
        for (const [name, { removed }] of this.#files) if (removed) this.#files.delete(name);
        return;
      default: {
        const file = this.#files.get(step.file) ?? absent;
        this.#files.set(step.file, changed(file, step));
      }
    }
  }

  /** The disk if nothing more than what was synced got there. */
  leastImage(): Image {
    return this.#image({ kept: () => [], isRemoved: () => false });
  }

  fullImage(): Image {
    return this.#image({ kept: (pending) => pending, isRemoved: () => true });
  }

  /** The disk if some writes got there, whole or by sectors, in whatever order. */
  someImage(random: Random): Image {
    const share = random.pick([0.1, 0.5, 0.9]);
    return this.#image({
      kept: (pending) => pending.flatMap((step) => survivorsOf(step, share, random)),
      isRemoved: () => random.chance(0.5),
    });
  }

  #image(chance: Chance): Image {
    const image = new Map<string, Buffer>();
    for (const [name, { certain, pending, removed }] of this.#files) {
      if (removed && chance.isRemoved()) continue;
      const kept = chance.kept(pending);
      if (certain !== null || kept.length > 0)
        image.set(name, kept.reduce(write, certain ?? Buffer.alloc(0)));
    }
    return image;
  }
}

function changed(file: File, step: Exclude<DiskStep, { kind: 'output' | 'sync-names' }>): File {
  // A name that is used again after its removal is another file.
  const { certain, pending } = file.removed ? absent : file;
  switch (step.kind) {
    case 'remove':
      return { ...file, removed: true };
    case 'sync':
      return { certain: pending.reduce(write, certain ?? Buffer.alloc(0)), pending: [], removed: false };
    default:
      return { certain, pending: [...pending, step], removed: false };
  }
}

/** What is left of one write or truncation: nothing, all of it, or some of its sectors. */
function survivorsOf(step: Pending, share: number, random: Random): Pending[] {
  if (step.kind === 'truncate' || random.chance(0.5)) return random.chance(share) ? [step] : [];
  const sectors: Pending[] = [];
  // Sectors lie on the disk's grid, whatever the offset of the write.
  for (let at = 0; at < step.bytes.length; ) {
    const length = sectorBytes - ((step.offset + at) % sectorBytes);
    const bytes = step.bytes.subarray(at, at + length);
    if (random.chance(share)) sectors.push({ ...step, offset: step.offset + at, bytes });
    at += length;
  }
  return sectors;
}

function write(content: Buffer, step: Pending): Buffer {
  if (step.kind === 'truncate') {
    return step.length <= content.length
      ? content.subarray(0, step.length)
      : Buffer.concat([content, Buffer.alloc(step.length - content.length)]);
  }
  const written = Buffer.alloc(Math.max(content.length, step.offset + step.bytes.length));
  content.copy(written);
  step.bytes.copy(written, step.offset);
  return written;
}

/** A file operation of a process, or a line of its output, in the order of the trace. */
export type DiskStep =
  | { readonly kind: 'write'; readonly file: string; readonly offset: number; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly file: string; readonly length: number }
  | { readonly kind: 'sync'; readonly file: string }
  | { readonly kind: 'remove'; readonly file: string }
  /** The folder's list of names was synced: what was removed stays removed. */
  | { readonly kind: 'sync-names' }
  | { readonly kind: 'output'; readonly text: string };

/** Longer than any write of SQLite with these pages. */
const keptBytes = 70_000;

/** The strace options of a trace that `readDiskTrace` can read: SQLite writes in the main thread, so only that is traced. */
export const straceOptions = [
  ...['-y', '-xx', '-s', String(keptBytes), '-e', 'signal=none'],
  ...['-e', 'trace=pwrite64,write,fsync,fdatasync,ftruncate,unlink,rename'],
];

const call = /^(\w+)\((?:(\d+)<([^>]*)>|[^,)]*)(.*)\)\s+= (-?\d+)/;
const removal = /^unlink\("((?:\\x[0-9a-f]{2})*)"\)\s+= 0/;
const data = /^(?:>| \(deleted\))?, "((?:\\x[0-9a-f]{2})*)"(\.\.\.)?, (\d+)(?:, (\d+))?$/;

/**
 * Reads the calls on files of `folder` and on standard output. Throws where the trace is not understood: an ignored
 * call would make every image built from the trace wrong.
 */
export function readDiskTrace(traceFile: string, folder: string): DiskStep[] {
  return readFileSync(traceFile, 'utf8')
    .split('\n')
    .flatMap((line) => stepOf(line, folder));
}

function stepOf(line: string, folder: string): DiskStep[] {
  const removed = fromHex(removal.exec(line)?.[1] ?? '').toString();
  if (removed.startsWith(`${folder}/`)) return [{ kind: 'remove', file: basename(removed) }];
  const [, name = '', fd = '', hexPath = '', rest = '', returned = ''] = call.exec(line) ?? [];
  const path = fromHex(hexPath).toString();
  if (path === folder) return [{ kind: 'sync-names' }];
  if (fd === '1' && name === 'write') return [{ kind: 'output', text: bytesOf(rest, line).bytes.toString() }];
  if (!path.startsWith(`${folder}/`) || Number(returned) < 0) return [];
  const file = basename(path);
  switch (name) {
    case 'pwrite64':
      return [{ kind: 'write', file, ...bytesOf(rest, line) }];
    case 'fsync':
    case 'fdatasync':
      return [{ kind: 'sync', file }];
    case 'ftruncate':
      return [{ kind: 'truncate', file, length: Number(rest.replace(', ', '')) }];
    default:
      throw new Error(`an unexpected call on ${file}: ${line.slice(0, 200)}`);
  }
}

function bytesOf(rest: string, line: string): { bytes: Buffer; offset: number } {
  const [, hex = '', isCut, , offset = '0'] = data.exec(rest) ?? [];
  if (hex === '' || isCut) throw new Error(`what was written is not in the trace: ${line.slice(0, 200)}`);
  return { bytes: fromHex(hex), offset: Number(offset) };
}

const fromHex = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');
