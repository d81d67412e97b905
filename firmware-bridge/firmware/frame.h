// Lock guard frames: F0 command, body as 7-bit pairs, F7. The format is in ../README.md. No hardware in here.
#pragma once
#include <stdint.h>

namespace frame {

/// F0, command, 28 body bytes as pairs, F7 and one to spare: the longest frame of the wire.
constexpr uint8_t kMaxWireBytes = 60;
constexpr uint8_t kMaxFields = 21;

/// CRC-16/XMODEM of one more byte.
uint16_t crc16(uint16_t crc, uint8_t byte);

/// A decoded frame; `fields` is what stands between sequence and CRC.
struct Frame {
  uint8_t command;
  uint32_t session;
  uint8_t sequence;
  uint8_t fields[kMaxFields];
  uint8_t length;

  uint8_t u8(uint8_t at) const { return fields[at]; }
  uint16_t u16(uint8_t at) const { return static_cast<uint16_t>(fields[at] | fields[at + 1] << 8); }
};

/// Reads what stood between F0 and F7; false when it is damaged or not a frame of ours.
bool decode(const uint8_t* data, uint8_t length, Frame& into);

/// Builds a frame to send. Fields are put in the order of the README.
class Writer {
 public:
  using Sink = void (*)(uint8_t byte);

  Writer(uint8_t command, uint32_t session, uint8_t sequence);
  Writer& u8(uint8_t value);
  Writer& u16(uint16_t value);
  Writer& u32(uint32_t value);
  /// Adds the CRC and hands every byte to `sink`.
  void send(Sink sink);

 private:
  uint8_t command_;
  uint8_t body_[28];
  uint8_t length_ = 0;
};

}  // namespace frame
