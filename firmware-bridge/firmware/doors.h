// Door switches: debounced, and known only once they have been stable.
#pragma once
#include <stdint.h>

#include "settings.h"

namespace doors {

/// Makes the door pins inputs with pull-up and watches them from now on; all doors are unknown until they settle.
void watch(const settings::Table& table);

/// Looks at every switch once; call it every millisecond. True when a door became known or a known one changed.
bool sample();

/// Whether the door is known to be open, and its switch still says so.
bool isOpen(uint8_t locker);

/// Bit 0 is locker 1.
uint32_t known();
uint32_t open();

}  // namespace doors
