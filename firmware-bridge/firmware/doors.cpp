#include "doors.h"

#include "pins.h"

namespace doors {
namespace {

struct Door {
  pins::Input input;
  uint8_t openLevel;  // what `input` reads when the door is open
  bool isKnown;
  bool isOpen;
  bool looksOpen;      // at the last look
  uint8_t lookingMs;   // how long it has looked different from what is known

  /// True when what is known has changed.
  bool look(uint8_t stableMs) {
    const bool now = (*input.reg & input.mask) == openLevel;
    if (now != looksOpen) {
      looksOpen = now;
      lookingMs = 0;
    }
    if (isKnown && now == isOpen) return false;
    if (++lookingMs < stableMs) return false;
    lookingMs = 0;
    isKnown = true;
    isOpen = now;
    return true;
  }
};

Door doors[settings::kMaxLockers];
uint8_t total;
uint8_t stableMs;

/// Bit 0 for the first door, of each door for which `property` holds.
uint32_t bitsOf(bool Door::*property) {
  uint32_t bits = 0;
  for (uint8_t i = total; i > 0; --i) bits = bits << 1 | (doors[i - 1].*property ? 1 : 0);
  return bits;
}

}  // namespace

void watch(const settings::Table& table) {
  for (uint8_t i = 0; i < table.lockers; ++i) {
    const settings::Locker& locker = table.locker[i];
    pins::makeInput(locker.doorPin, true);
    // The pull-up makes an open switch read high.
    const pins::Input input = pins::inputAt(locker.doorPin);
    doors[i] = Door{input, locker.closedWhenOpen() ? uint8_t{0} : input.mask, false, false, false, 0};
  }
  total = table.lockers;
  stableMs = table.debounceMs;
}

bool sample() {
  bool changed = false;
  for (uint8_t i = 0; i < total; ++i) {
    if (doors[i].look(stableMs)) changed = true;
  }
  return changed;
}

bool isOpen(uint8_t locker) {
  if (locker == 0 || locker > total) return false;
  const Door& door = doors[locker - 1];
  return door.isKnown && door.isOpen && door.looksOpen;
}

uint32_t known() { return bitsOf(&Door::isKnown); }
uint32_t open() { return bitsOf(&Door::isOpen); }

}  // namespace doors
