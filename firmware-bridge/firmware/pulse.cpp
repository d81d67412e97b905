#include "pulse.h"

#include <util/atomic.h>

#include "clock.h"
#include "pins.h"

namespace pulse {
namespace {

/// Shared with the tick interrupt: while `isOn`, only the interrupt or somebody who keeps it out may change these.
volatile bool isOn;
volatile uint16_t leftMs;
volatile uint32_t offAtMs;

uint8_t whose;  // 0: nobody's
uint8_t lockPin;
bool offLevel;
uint32_t onAtMs;

void switchOff() {
  pins::write(lockPin, offLevel);
  isOn = false;
  offAtMs = clock::nowMs();
}

Report finish() {
  const Report report{whose, static_cast<uint16_t>(offAtMs - onAtMs)};
  whose = 0;
  return report;
}

}  // namespace

void start(uint8_t locker, uint8_t pin, bool onLevel, uint16_t ms) {
  whose = locker;
  lockPin = pin;
  offLevel = !onLevel;
  leftMs = ms;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    onAtMs = clock::nowMs();
    isOn = true;
    pins::write(pin, onLevel);
  }
}

uint8_t locker() { return whose; }

void tick() {
  if (!isOn) return;
  const uint16_t left = leftMs - 1;
  leftMs = left;
  if (left == 0) switchOff();
}

bool takeEnded(Report& report) {
  if (whose == 0 || isOn) return false;
  report = finish();
  return true;
}

bool stop(Report& report) {
  bool wasOn;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    wasOn = isOn;
    if (wasOn) switchOff();
  }
  if (wasOn) report = finish();
  return wasOn;
}

}  // namespace pulse
