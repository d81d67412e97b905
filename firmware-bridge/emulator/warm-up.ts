import { avrInstruction, CPU } from 'avr8js';
import { mega } from './atmega2560.js';
import { Machine } from './machine.js';

const rounds = 3;
const sliceMs = 10;
const slicesMost = 100;
/** So many slices in a row, each at this multiple of real time, and the code is compiled. */
const fastInARow = 5;
const fastTimes = 20;
const unused = 0xffff;

/** Firmata's queries, and a frame of each of our commands with a wrong CRC: a board parses, computes and answers. */
const queries = [0xf9, 0xf0, 0x79, 0xf7, 0xf0, 0x6b, 0xf7, 0xf0, 0x69, 0xf7, 0xf0, 0x6d, 0x0d, 0xf7];
const frames = Array.from({ length: 12 }, (_, i) => [
  0xf0,
  i + 1,
  ...Array<number>(20).fill(0x55),
  0xf7,
]).flat();

/**
 * Runs throw-away chips until V8 has compiled the emulation. Before that it is many times slower than a real board, and the
 * first handshake would time out.
 */
export function warmUp(image: Uint8Array): void {
  const words = new Uint16Array(image.slice().buffer);
  executeEachInstruction(words);
  // Several boards, new and old (cycles beyond 32 bits): V8 would discard code that it compiled for one alone.
  for (const ageMs of [0, 300_000, 0]) runBoard(image, ageMs);
}

/** An instruction that V8 has not seen when it compiles makes it throw the compiled code away when it comes. */
function executeEachInstruction(words: Uint16Array): void {
  const cpu = new CPU(words, mega.sramBytes + mega.sramStart - 0x100);
  const places = [...new Map([...words.entries()].map(([at, word]) => [word, at])).entries()]
    .filter(([word, at]) => word !== unused && (words[at + 1] ?? unused) < cpu.data.length)
    .map(([, at]) => at);
  for (let round = 0; round < rounds; round++) {
    for (const at of places) {
      // Registers, pointers and stack to where every access stays within the memory.
      cpu.data.fill(round + 1, 0, mega.sramStart);
      cpu.SP = mega.sramBytes / 2;
      cpu.pc = at;
      avrInstruction(cpu);
    }
  }
}

function runBoard(image: Uint8Array, ageMs: number): void {
  const board = new Machine(image);
  board.powerOff();
  board.run(ageMs);
  board.powerOn();
  let fast = 0;
  for (let slice = 0; slice < slicesMost && fast < fastInARow; slice++) {
    board.uart.write(Uint8Array.from(slice % 8 === 0 ? [...queries, ...frames] : []));
    const startMs = performance.now();
    board.run(sliceMs);
    fast = (performance.now() - startMs) * fastTimes < sliceMs ? fast + 1 : 0;
  }
}
