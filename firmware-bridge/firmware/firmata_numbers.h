// The numbers of Firmata protocol 2.5 (firmata/protocol, protocol.md) that this board knows.
#pragma once
#include <stdint.h>

namespace firmata {

constexpr uint8_t kProtocolMajor = 2;
constexpr uint8_t kProtocolMinor = 5;

enum Message : uint8_t {
  kDigital = 0x90,
  kReportAnalog = 0xc0,
  kReportDigital = 0xd0,
  kAnalog = 0xe0,
  kSysexStart = 0xf0,
  kSetPinMode = 0xf4,
  kSetPinValue = 0xf5,
  kSysexEnd = 0xf7,
  kReportVersion = 0xf9,
  kSystemReset = 0xff,
};

enum Sysex : uint8_t {
  kAnalogMappingQuery = 0x69,
  kAnalogMappingResponse = 0x6a,
  kCapabilityQuery = 0x6b,
  kCapabilityResponse = 0x6c,
  kPinStateQuery = 0x6d,
  kPinStateResponse = 0x6e,
  kReportFirmware = 0x79,
};

enum Mode : uint8_t { kInput = 0x00, kOutput = 0x01, kPullUp = 0x0b };

/// Ends a pin's capabilities; in the analog mapping, a pin that is none.
constexpr uint8_t kNone = 0x7f;

}  // namespace firmata
