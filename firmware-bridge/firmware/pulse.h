// The locks that are on, and their end: by the tick interrupt, whatever the main loop does.
#pragma once
#include <stdint.h>

#include "settings.h"

namespace pulse {

/// As many locks as may ever be on at once.
constexpr uint8_t kSlots = settings::kLocksOnCeiling;

/// How a pulse went.
struct Report {
  uint8_t locker;
  uint16_t measuredMs;
};

/// Switches the lock at an output pin on for `ms` (at least 1): up to a tick less, never more. False when no slot is free.
bool start(uint8_t locker, uint8_t pin, bool onLevel, uint16_t ms);

/// Whose pulse a slot holds, under way or not yet reported; 0: nobody's.
uint8_t lockerIn(uint8_t slot);
/// How many slots are taken.
uint8_t count();
/// How long the lock at that pin stays on yet; 0 when it is off.
uint16_t leftMs(uint8_t pin);

/// Runs in the tick interrupt.
void tick();

/// True when a pulse ran its time; once for each.
bool takeEnded(Report& report);

/// Switches the lock of a slot off now; true when it was on.
bool stop(uint8_t slot, Report& report);

}  // namespace pulse
