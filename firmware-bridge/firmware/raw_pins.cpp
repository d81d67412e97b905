#include "raw_pins.h"

#include "firmata_numbers.h"
#include "guard.h"

namespace raw {
namespace {

bool isGuarded(uint8_t pin) { return guard::ownerOf(pin) != guard::Owner::kNobody; }

}  // namespace

bool isOffered(uint8_t pin) { return pins::isFree(pin) && guard::ownerOf(pin) != guard::Owner::kLock; }

void setMode(uint8_t pin, uint8_t mode) {
  if (!pins::isFree(pin)) return;
  if (isGuarded(pin)) return guard::countIgnoredWrite();
  if (mode == firmata::kOutput) pins::makeOutput(pin, pins::latch(pin));
  if (mode == firmata::kInput || mode == firmata::kPullUp) pins::makeInput(pin, mode == firmata::kPullUp);
}

void setValue(uint8_t pin, bool high) {
  if (!pins::isFree(pin)) return;
  if (isGuarded(pin)) return guard::countIgnoredWrite();
  if (pins::isOutput(pin)) pins::write(pin, high);
}

void writePort(uint8_t port, uint8_t levels) {
  for (uint8_t bit = 0; bit < 8; ++bit) {
    const uint8_t pin = port * 8 + bit;
    const bool high = levels >> bit & 1;
    // Firmata always writes eight pins: those that stay as they are were not meant.
    if (pins::isFree(pin) && high != pins::latch(pin)) setValue(pin, high);
  }
}

uint8_t modeOf(uint8_t pin) {
  if (pins::isOutput(pin)) return firmata::kOutput;
  return pins::latch(pin) ? firmata::kPullUp : firmata::kInput;
}

uint8_t readPort(uint8_t port) {
  uint8_t levels = 0;
  for (uint8_t bit = 0; bit < 8; ++bit) {
    const uint8_t pin = port * 8 + bit;
    if (pins::isFree(pin) && !pins::isOutput(pin) && pins::read(pin)) levels |= 1 << bit;
  }
  return levels;
}

}  // namespace raw
