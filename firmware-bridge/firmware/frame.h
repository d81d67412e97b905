// Lock guard frames: F0, command, body as 7-bit pairs, F7. The format is in ../README.md. No hardware in here.
#pragma once
#include <stdint.h>

namespace frame {

constexpr uint8_t kMaxBody = 28;
/// Session u32 and sequence u8 before the fields, CRC-16 after them.
constexpr uint8_t kHeader = 5;
constexpr uint8_t kCrc = 2;
constexpr uint8_t kMaxFields = kMaxBody - kHeader - kCrc;

/// CRC-16/XMODEM of one more byte; begins with 0.
uint16_t crc16(uint16_t crc, uint8_t byte);

/// A frame from the host; `fields` is what stands between sequence and CRC.
struct Frame {
  uint8_t command;
  uint32_t session;
  uint8_t sequence;
  uint8_t fields[kMaxFields];
  uint8_t length;

  uint8_t u8(uint8_t at) const { return fields[at]; }
  uint16_t u16(uint8_t at) const { return static_cast<uint16_t>(fields[at] | fields[at + 1] << 8); }
};

/// Reads what stood between F0 and F7. False when it is damaged, or not a message of the host with all its fields:
/// whoever gets a Frame may read the fields without looking at `length` again.
bool decode(const uint8_t* data, uint8_t length, Frame& into);

/// Builds a frame to send. Fields are put in the order of the README.
class Writer {
 public:
  using Sink = void (*)(uint8_t byte);

  Writer(uint8_t command, uint32_t session, uint8_t sequence);
  Writer& u8(uint8_t value);
  Writer& u16(uint16_t value);
  Writer& u32(uint32_t value);
  /// Adds the CRC and hands every byte to `sink`; once.
  void send(Sink sink);

 private:
  uint8_t command_;
  uint8_t body_[kMaxBody];
  uint8_t length_ = 0;
};

}  // namespace frame
