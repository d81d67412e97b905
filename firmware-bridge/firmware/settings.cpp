#include "settings.h"

#include <string.h>

#include "pins.h"

namespace settings {
namespace {

Table table;

uint16_t crc8(uint16_t crc, uint8_t value) { return frame::crc16(crc, value); }
uint16_t crc16(uint16_t crc, uint16_t value) { return crc8(crc8(crc, value & 0xff), value >> 8); }

/// Claims a pin; false when it cannot be used or is taken.
bool claim(uint8_t pin, uint8_t (&taken)[(pins::kCount + 7) / 8]) {
  if (!pins::isFree(pin)) return false;
  const uint8_t bit = static_cast<uint8_t>(1 << (pin & 7));
  if (taken[pin >> 3] & bit) return false;
  taken[pin >> 3] |= bit;
  return true;
}

bool isFromOneTo(uint16_t most, uint16_t value) { return value != 0 && value <= most; }

bool isInRange(const Table& t) {
  return isFromOneTo(kMaxLockers, t.lockers) && isFromOneTo(kPulseCeilingMs, t.pulseMaxMs) && t.hostSilenceMs != 0 &&
         isFromOneTo(kLocksOnCeiling, t.locksOnMax);
}

/// The first locker that is missing or whose pins cannot be wired; 0 when all can.
uint8_t firstImpossible(const Table& t) {
  uint8_t taken[(pins::kCount + 7) / 8] = {};
  for (uint8_t i = 0; i < t.lockers; ++i) {
    const Locker& locker = t.locker[i];
    if (!claim(locker.lockPin, taken) || !claim(locker.doorPin, taken)) return i + 1;
    if (locker.itemPin && !claim(locker.itemPin, taken)) return i + 1;
  }
  return 0;
}

}  // namespace

wire::Verdict begin(const frame::Frame& request) {
  table = Table{};
  table.lockers = request.u8(0);
  table.pulseMaxMs = request.u16(1);
  table.restMs = request.u16(3);
  table.hostSilenceMs = request.u16(5);
  table.debounceMs = request.u8(7);
  table.locksOnMax = request.u8(8);
  table.flags = request.u8(9);
  if (isInRange(table)) return {wire::kOk, 0};
  table = Table{};
  return {wire::kImpossible, 0};
}

wire::Verdict add(const frame::Frame& request) {
  const uint8_t number = request.u8(0);
  if (number == 0 || number > table.lockers) return {wire::kImpossible, number};
  table.locker[number - 1] = {request.u8(1), request.u8(2), request.u8(3), request.u8(4)};
  return {wire::kOk, number};
}

wire::Verdict check(uint16_t hostCrc) {
  const uint8_t impossible = firstImpossible(table);
  if (table.lockers == 0 || impossible) return {wire::kImpossible, impossible};
  const uint16_t crc = crcOf(table);
  if (crc != hostCrc) return {wire::kCrcDiffers, crc};
  return {wire::kOk, crc};
}

bool isPossible(const Table& t) { return isInRange(t) && firstImpossible(t) == 0; }

const Table& staged() { return table; }

uint16_t crcOf(const Table& t) {
  uint16_t crc = crc8(0, t.lockers);
  crc = crc16(crc16(crc16(crc, t.pulseMaxMs), t.restMs), t.hostSilenceMs);
  crc = crc8(crc8(crc8(crc, t.debounceMs), t.locksOnMax), t.flags);
  for (uint8_t i = 0; i < t.lockers; ++i) {
    const Locker& locker = t.locker[i];
    crc = crc8(crc8(crc8(crc, i + 1), locker.lockPin), locker.doorPin);
    crc = crc8(crc8(crc, locker.itemPin), locker.flags);
  }
  return crc;
}

bool areSame(const Table& a, const Table& b) { return memcmp(&a, &b, sizeof a) == 0; }

}  // namespace settings
