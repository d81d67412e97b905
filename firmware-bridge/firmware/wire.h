// The numbers of the lock guard's messages, as ../README.md has them.
#pragma once
#include <stdint.h>

namespace wire {

constexpr uint8_t kProtocol = 2;

enum Command : uint8_t {
  kHello = 0x01,
  kWelcome = 0x02,
  kSettings = 0x03,
  kLocker = 0x04,
  kApply = 0x05,
  kAnswer = 0x06,
  kPulse = 0x07,
  kPulsed = 0x08,
  kHeartbeat = 0x09,
  kStatus = 0x0a,
  kDoors = 0x0b,
  kQueryDoors = 0x0c,
  kItems = 0x0d,
};
/// Firmata leaves 01 to 0F to its users; all of them are the guard's.
constexpr uint8_t kLastCommand = 0x0f;

/// `result` of ANSWER.
enum Result : uint8_t {
  kOk = 0,
  kLockerUnknown = 1,
  kTooManyOn = 2,
  kLengthZero = 3,
  kNotConfigured = 4,
  kImpossible = 5,
  kCrcDiffers = 6,
  kResting = 7,
};

/// What an ANSWER says; what `detail` is depends on the result.
struct Verdict {
  Result result;
  uint16_t detail;
};

/// `ended` of PULSED.
enum Ended : uint8_t { kByTime = 0, kByHostSilence = 1, kBySessionEnd = 2, kByDoor = 3 };

}  // namespace wire
