// The cabinet as the host describes it: staged until it is complete and consistent, then live as one.
#pragma once
#include <stdint.h>

#include "doors.h"
#include "frame.h"

namespace settings {

constexpr uint8_t kMaxLockers = 32;

struct Locker {
  uint8_t lockPin;
  uint8_t doorPin;
  uint8_t flags;
  bool given;
};

struct Table {
  uint8_t lockers;
  uint16_t pulseMaxMs;
  uint16_t hostSilenceMs;
  uint8_t debounceMs;
  uint8_t flags;
  Locker locker[kMaxLockers];

  bool activeLow() const { return flags & 1; }
};

/// Why a table cannot go live; the numbers of ANSWER.
enum Result : uint8_t { kOk = 0, kImpossible = 5, kCrcDiffers = 6 };

struct Verdict {
  Result result;
  uint16_t detail;
};

/// SETTINGS: forgets what was staged and starts a new table.
Verdict begin(const frame::Frame& request);
/// LOCKER: fills one line of it.
Verdict add(const frame::Frame& request);
/// APPLY: checks it; `kOk` means `staged()` may go live.
Verdict check(uint16_t hostCrc);

const Table& staged();
uint16_t crcOf(const Table& table);

}  // namespace settings
