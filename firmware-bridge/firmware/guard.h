// The lock guard: sessions, settings, and the only way to energise a lock. Rules: ../README.md, "Rules the board keeps".
#pragma once
#include <stdint.h>

#include "frame.h"

namespace guard {

/// Whose a pin is. Until settings were applied it is unknown: any pin may be a lock's.
enum class Owner : uint8_t { kUnknown, kLock, kDoor, kNobody };
Owner ownerOf(uint8_t pin);

/// Makes the settings in EEPROM live. Call after boot::begin().
void begin();

/// Runs in the main loop once a millisecond: host silence, finished pulses, doors.
void everyMillisecond();

/// Handles one good frame of the host.
void handle(const frame::Frame& request);

/// A frame that could not be read, or raw Firmata that reached for a pin of the guard's; both are only counted.
void countBadFrame();
void countIgnoredWrite();

}  // namespace guard
