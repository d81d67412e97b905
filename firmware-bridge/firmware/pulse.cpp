#include "pulse.h"

#include <util/atomic.h>

#include "clock.h"
#include "pins.h"
#include "rest.h"

namespace pulse {
namespace {

struct Slot {
  /// Shared with the tick interrupt: while `isOn`, only the interrupt or somebody who keeps it out may change these.
  volatile bool isOn;
  volatile uint16_t leftMs;
  volatile uint32_t offAtMs;

  uint8_t locker;  // 0: nobody's
  uint8_t pin;
  bool offLevel;
  uint32_t onAtMs;

  /// With the tick interrupt kept out.
  void switchOff() {
    pins::write(pin, offLevel);
    isOn = false;
    offAtMs = clock::nowMs();
    rest::begin(pin);
  }

  Report finish() {
    const Report report{locker, static_cast<uint16_t>(offAtMs - onAtMs)};
    locker = 0;
    return report;
  }
};

Slot slots[kSlots];

}  // namespace

bool start(uint8_t locker, uint8_t pin, bool onLevel, uint16_t ms) {
  for (Slot& slot : slots) {
    if (slot.locker) continue;
    slot.locker = locker;
    slot.pin = pin;
    slot.offLevel = !onLevel;
    slot.leftMs = ms < settings::kPulseCeilingMs ? ms : settings::kPulseCeilingMs;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
      slot.onAtMs = clock::nowMs();
      slot.isOn = true;
      pins::write(pin, onLevel);
    }
    return true;
  }
  return false;
}

uint8_t lockerIn(uint8_t slot) { return slots[slot].locker; }

uint8_t count() {
  uint8_t taken = 0;
  for (const Slot& slot : slots) {
    if (slot.locker) ++taken;
  }
  return taken;
}

uint16_t leftMs(uint8_t pin) {
  uint16_t left = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    for (const Slot& slot : slots) {
      if (slot.isOn && slot.pin == pin) left = slot.leftMs;
    }
  }
  return left;
}

void tick() {
  for (Slot& slot : slots) {
    if (!slot.isOn) continue;
    const uint16_t left = slot.leftMs - 1;
    slot.leftMs = left;
    if (left == 0) slot.switchOff();
  }
}

bool takeEnded(Report& report) {
  for (Slot& slot : slots) {
    if (slot.locker == 0 || slot.isOn) continue;
    report = slot.finish();
    return true;
  }
  return false;
}

bool stop(uint8_t at, Report& report) {
  Slot& slot = slots[at];
  bool wasOn;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    wasOn = slot.isOn;
    if (wasOn) slot.switchOff();
  }
  if (wasOn) report = slot.finish();
  return wasOn;
}

}  // namespace pulse
