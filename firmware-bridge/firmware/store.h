// The settings in EEPROM, twice: whatever a power cut spoils while one copy is written, the other one is whole.
#pragma once
#include <stdint.h>

#include "settings.h"

namespace store {

/// Finds the copy to go by and puts its lock pins to their off level; before main(), and before any variable has a value.
[[gnu::noinline]] void driveLocks();

/// Gives what that copy says; false when neither is whole. Call before the first save().
bool load(settings::Table& into);

/// Keeps a table unless it is kept already; it must stay as it is until isIdle(), or be saved anew. Returns at once.
void save(const settings::Table& table);

/// Reads or writes the next byte. Call every millisecond.
void everyMillisecond();
bool isIdle();

}  // namespace store
