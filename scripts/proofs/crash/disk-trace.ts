import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

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
