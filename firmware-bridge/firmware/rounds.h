// How long the main loop takes to come around: nothing is heard or seen in the meantime.
#pragma once
#include <stdint.h>

namespace rounds {

/// Starts the stop-watch, timer 1; once.
void start();

/// Around everything the loop does but sleeping.
void begin();
void end();

/// The longest round since the reset; stops at 65 535.
uint16_t longestUs();

}  // namespace rounds
