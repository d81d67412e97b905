// The cabinet as the host describes it: staged until it is complete and consistent, then live as one.
#pragma once
#include <stdint.h>

#include "frame.h"
#include "wire.h"

namespace settings {

constexpr uint8_t kMaxLockers = 32;
/// No setting can keep a coil on longer, nor switch more of them on at once.
constexpr uint16_t kPulseCeilingMs = 5000;
constexpr uint8_t kLocksOnCeiling = 4;

struct Locker {
  uint8_t lockPin;  // 0, which no lock can be at: not given yet
  uint8_t doorPin;
  uint8_t itemPin;  // 0: none
  uint8_t flags;

  bool closedWhenOpen() const { return flags & 1; }
  bool closedWhenPresent() const { return flags & 2; }
};

/// One description; unused lockers are zero.
struct Table {
  uint8_t lockers;  // 0: none yet
  uint16_t pulseMaxMs;
  uint16_t restMs;
  uint16_t hostSilenceMs;
  uint8_t debounceMs;
  uint8_t locksOnMax;
  uint8_t flags;
  Locker locker[kMaxLockers];

  /// Whether a lock's pin is high while its lock is off.
  bool activeLow() const { return flags & 1; }
};

// What to answer to each of the three; `detail` is a locker, or a CRC.
/// SETTINGS: forgets what was staged and starts a new table.
wire::Verdict begin(const frame::Frame& request);
/// LOCKER: fills one line of it.
wire::Verdict add(const frame::Frame& request);
/// APPLY: checks it; `kOk` means `staged()` may go live.
wire::Verdict check(uint16_t hostCrc);

/// The same checks, for a table from elsewhere.
bool isPossible(const Table& table);

const Table& staged();
/// The settings CRC of the README.
uint16_t crcOf(const Table& table);
bool areSame(const Table& a, const Table& b);

}  // namespace settings
