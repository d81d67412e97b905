/**
 * Creates a check for packets that are too long in the byte stream from a broker. A parser buffers a packet until it is
 * complete, and MQTT allows 256 MB: a broker could fill the kiosk's memory. The returned function takes each chunk in turn
 * and returns whether every packet so far has a remaining length of at most `bytesMax`.
 */
export function createPacketGuard(bytesMax: number): (chunk: Uint8Array) => boolean {
  /** Bytes of the current packet's body still to come. */
  let bodyBytes = 0;
  /** What is known of the length that is being announced; null before a packet's first byte. */
  let length: { readonly value: number; readonly unit: number } | null = null;
  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (bodyBytes > 0) {
        const skipped = Math.min(bodyBytes, chunk.length - at);
        bodyBytes -= skipped;
        at += skipped;
        continue;
      }
      const byte = chunk[at] ?? 0;
      at += 1;
      if (length === null) {
        length = { value: 0, unit: 1 };
        continue;
      }
      const value: number = length.value + (byte & 0x7f) * length.unit;
      if (value > bytesMax) return false;
      if (byte < 0x80) {
        bodyBytes = value;
        length = null;
      } else {
        // After four bytes the parser refuses the packet by itself.
        length = { value, unit: length.unit * 128 };
      }
    }
    return true;
  };
}
