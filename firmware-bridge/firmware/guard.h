// The lock guard: the only code that can energise a lock. Rules: ../README.md, "Rules the board keeps".
#pragma once
#include <stdint.h>

#include "frame.h"

namespace guard {

/// What a pin is to the guard.
bool isLockPin(uint8_t pin);

/// Runs in the tick interrupt: a pulse ends on time whatever the main loop does.
void tick();

/// Runs in the main loop once a millisecond: host silence, finished pulses, doors.
void everyMillisecond();

/// Handles one good frame; says whether the command is the guard's at all.
void handle(const frame::Frame& request);

/// A frame that could not be read, or raw Firmata that tried to move a lock pin; both are only counted.
void countBadFrame();
void countIgnoredWrite();

}  // namespace guard
