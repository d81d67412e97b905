/**
 * What the kiosk is measured against: the least that goes from a scan to an unlock durably. One serialport reads a line,
 * Ed25519 is verified, one row is committed with synchronous=FULL, and a frame is written to the other serialport.
 * Arguments: reader port, board port, database file, public key (PEM). Says `ready` on standard output.
 */
import { createPublicKey, verify } from 'node:crypto';
import Database from 'better-sqlite3';
import { SerialPort } from 'serialport';
import { encodeFrame } from '../../../firmware-bridge/board/wire.js';

const [readerPath = '', boardPath = '', file = '', pem = ''] = process.argv.slice(2);
const CR = 0x0d;
const publicKey = createPublicKey(pem);

const db = new Database(file);
db.pragma('journal_mode = WAL');
db.pragma('synchronous = FULL');
db.exec('CREATE TABLE scan (at INTEGER NOT NULL, text TEXT NOT NULL) STRICT');
const insert = db.prepare<[number, string]>('INSERT INTO scan VALUES (?, ?)');

const board = new SerialPort({ path: boardPath, baudRate: 57_600 });
const reader = new SerialPort({ path: readerPath, baudRate: 9_600 });
let line = Buffer.alloc(0);
let scans = 0;

reader.on('data', (bytes: Buffer) => {
  line = Buffer.concat([line, bytes]);
  const end = line.indexOf(CR);
  if (end < 0) return;
  const text = line.toString('latin1', 0, end);
  line = line.subarray(end + 1);
  const [payload = '', signature = ''] = text.split('.');
  if (!verify(null, Buffer.from(payload), publicKey, Buffer.from(signature, 'base64url'))) return;
  insert.run(Date.now(), text);
  scans += 1;
  const message = { kind: 'pulse', locker: 1, pulseMs: 500, tag: scans & 0xffff } as const;
  board.write(encodeFrame({ session: 1, sequence: scans & 0xff, message }));
});

await Promise.all([board, reader].map((port) => new Promise((resolve) => port.once('open', resolve))));
process.stdout.write('ready\n');
