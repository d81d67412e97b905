#include "doors.h"

#include "pins.h"

namespace doors {
namespace {

constexpr uint8_t kMax = 32;
const Door* list;
uint8_t total;
uint8_t stableMs;
/// How long each switch has read differently from what is known, in ms.
uint8_t differing[kMax];
uint32_t knownBits, openBits, lastBits;

bool isOpen(const Door& door) {
  const bool switchClosed = !pins::read(door.pin);  // pull-up: a closed switch reads low
  return switchClosed == door.closedWhenOpen;
}

}  // namespace

void watch(const Door* doors, uint8_t count, uint8_t debounceMs) {
  list = doors;
  total = count;
  stableMs = debounceMs;
  knownBits = openBits = lastBits = 0;
  for (uint8_t i = 0; i < kMax; ++i) differing[i] = 0;
}

bool sample() {
  bool changed = false;
  uint32_t bit = 1;
  for (uint8_t i = 0; i < total; ++i, bit <<= 1) {
    const bool now = isOpen(list[i]);
    if (now != static_cast<bool>(lastBits & bit)) {
      lastBits ^= bit;
      differing[i] = 0;
    }
    const bool settled = (knownBits & bit) && now == static_cast<bool>(openBits & bit);
    if (settled || ++differing[i] < stableMs) continue;
    differing[i] = 0;
    knownBits |= bit;
    openBits = now ? openBits | bit : openBits & ~bit;
    changed = true;
  }
  return changed;
}

uint32_t known() { return knownBits; }
uint32_t open() { return openBits; }

}  // namespace doors
