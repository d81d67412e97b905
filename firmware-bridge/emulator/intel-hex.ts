import { Fault } from '../../src/kernel/faults.js';

/** What Intel hex records mean, by type; 03 and 05 name a start address, which an AVR does not have. */
const record = { data: 0x00, end: 0x01, segment: 0x02, startSegment: 0x03, linear: 0x04, startLinear: 0x05 };

/**
 * Reads an Intel hex file into an image of `sizeBytes`, erased cells being 0xFF.
 * Throws `emulator.firmware` naming the line: a bad record, a wrong checksum, data outside the memory,
 * data written twice, anything after the end record, no end record.
 */
export function parseIntelHex(text: string, sizeBytes: number): Uint8Array {
  const image = new Uint8Array(sizeBytes).fill(0xff);
  const written = new Uint8Array(sizeBytes);
  let base = 0;
  let ended = false;
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line === '') continue;
    const refuse = (what: string) => new Fault('emulator.firmware', `line ${index + 1}: ${what}`);
    if (ended) throw refuse('data after the end record');
    const { type, address, data } = parseRecord(line, refuse);
    if (type === record.data) {
      const start = base + address;
      if (start + data.length > sizeBytes) throw refuse('outside the memory');
      if (written.subarray(start, start + data.length).includes(1)) throw refuse('written twice');
      image.set(data, start);
      written.fill(1, start, start + data.length);
    } else if (type === record.segment) base = word(data, refuse) * 16;
    else if (type === record.linear) base = word(data, refuse) * 65_536;
    else if (type === record.end) ended = true;
    else if (type !== record.startSegment && type !== record.startLinear) throw refuse('unknown record');
  }
  if (!ended) throw new Fault('emulator.firmware', 'no end record: the file is cut short');
  return image;
}

type Refuse = (what: string) => Fault;

function parseRecord(line: string, refuse: Refuse) {
  if (!/^:([0-9A-Fa-f]{2}){5,260}$/.test(line)) throw refuse('not a record');
  const bytes = Buffer.from(line.slice(1), 'hex');
  const [length = 0, high = 0, low = 0, type = 0] = bytes;
  if (bytes.length !== length + 5) throw refuse('wrong length');
  if (bytes.reduce((sum, byte) => sum + byte, 0) % 256 !== 0) throw refuse('wrong checksum');
  return { type, address: high * 256 + low, data: bytes.subarray(4, 4 + length) };
}

function word(data: Buffer, refuse: Refuse): number {
  if (data.length !== 2) throw refuse('wrong length');
  return data.readUInt16BE();
}
