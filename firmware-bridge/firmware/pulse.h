// The one lock that may be on, and its end: by the tick interrupt, whatever the main loop does.
#pragma once
#include <stdint.h>

namespace pulse {

/// How a pulse went.
struct Report {
  uint8_t locker;
  uint16_t measuredMs;
};

/// Switches the lock at an output pin on for `ms` (at least 1): up to a tick less, never more. Only when locker() is 0.
void start(uint8_t locker, uint8_t pin, bool onLevel, uint16_t ms);

/// Whose pulse is under way or not yet reported; 0: nobody's.
uint8_t locker();

/// Runs in the tick interrupt.
void tick();

/// True when a pulse ran its time; once each.
bool takeEnded(Report& report);

/// Switches the lock off now; true when there was one on.
bool stop(Report& report);

}  // namespace pulse
