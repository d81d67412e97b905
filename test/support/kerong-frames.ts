/**
 * Whether a request that opens more than one lock lies anywhere in these bytes, in any dialect: an unlock of CU48 (51) for
 * all locks (30) or all boards (0A), or CU16's "unlock all" (33). Sums are not asked for: it must not even come close.
 */
export function opensAll(bytes: Uint8Array): boolean {
  return bytes.some((byte, at) => {
    if (byte !== 0x02) return false;
    const [, first = 0, second = 0, third = 0, fourth = 0] = bytes.subarray(at, at + 5);
    const cu48 = third === 0x51 && fourth === 0x03 && (first > 9 || second > 0x2f);
    const cu16 = second === 0x33 && third === 0x03;
    return cu48 || cu16;
  });
}
