#include "frame.h"

namespace frame {
namespace {

constexpr uint8_t kHeader = 5;  // session u32, sequence u8
constexpr uint8_t kCrc = 2;
constexpr uint8_t kMaxBody = 28;

}  // namespace

uint16_t crc16(uint16_t crc, uint8_t byte) {
  crc ^= static_cast<uint16_t>(byte << 8);
  for (uint8_t bit = 0; bit < 8; ++bit) {
    crc = static_cast<uint16_t>(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
  }
  return crc;
}

bool decode(const uint8_t* data, uint8_t length, Frame& into) {
  const uint8_t pairs = static_cast<uint8_t>(length - 1);
  const uint8_t bodyLength = pairs / 2;
  if (length < 1 || pairs % 2 != 0 || bodyLength < kHeader + kCrc || bodyLength > kMaxBody) return false;

  uint8_t body[kMaxBody];
  for (uint8_t i = 0; i < bodyLength; ++i) {
    const uint8_t low = data[1 + 2 * i];
    const uint8_t high = data[2 + 2 * i];
    if (low > 0x7f || high > 1) return false;
    body[i] = static_cast<uint8_t>(low | high << 7);
  }

  const uint8_t checked = static_cast<uint8_t>(bodyLength - kCrc);
  uint16_t crc = crc16(0, data[0]);
  for (uint8_t i = 0; i < checked; ++i) crc = crc16(crc, body[i]);
  if (body[checked] != (crc & 0xff) || body[checked + 1] != crc >> 8) return false;

  into.command = data[0];
  into.session = static_cast<uint32_t>(body[3]) << 24 | static_cast<uint32_t>(body[2]) << 16 |
                 static_cast<uint32_t>(body[1]) << 8 | body[0];
  into.sequence = body[4];
  into.length = static_cast<uint8_t>(checked - kHeader);
  for (uint8_t i = 0; i < into.length; ++i) into.fields[i] = body[kHeader + i];
  return true;
}

Writer::Writer(uint8_t command, uint32_t session, uint8_t sequence) : command_(command) {
  u32(session);
  u8(sequence);
}

Writer& Writer::u8(uint8_t value) {
  if (length_ < kMaxBody - kCrc) body_[length_++] = value;
  return *this;
}

Writer& Writer::u16(uint16_t value) { return u8(value & 0xff).u8(value >> 8); }
Writer& Writer::u32(uint32_t value) { return u16(value & 0xffff).u16(value >> 16); }

void Writer::send(Sink sink) {
  uint16_t crc = crc16(0, command_);
  for (uint8_t i = 0; i < length_; ++i) crc = crc16(crc, body_[i]);
  body_[length_++] = crc & 0xff;
  body_[length_++] = crc >> 8;
  sink(0xf0);
  sink(command_);
  for (uint8_t i = 0; i < length_; ++i) {
    sink(body_[i] & 0x7f);
    sink(body_[i] >> 7);
  }
  sink(0xf7);
}

}  // namespace frame
