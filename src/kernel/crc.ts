/** CRC-16/XMODEM: polynomial 0x1021, initial value `crc` (0 to begin with), not reflected. */
export function crc16(bytes: Iterable<number>, crc = 0): number {
  let rest = crc;
  for (const byte of bytes) {
    rest ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) rest = rest & 0x8000 ? (rest << 1) ^ 0x1021 : rest << 1;
    rest &= 0xffff;
  }
  return rest;
}
