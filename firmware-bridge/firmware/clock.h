// One millisecond ticks from timer 0; the only source of time on the board.
#pragma once
#include <stdint.h>

namespace clock {

/// Called from the tick interrupt, every millisecond, whatever the main loop does.
using TickHandler = void (*)();

/// Starts the ticks. `onTick` must be short: it runs with interrupts off.
void begin(TickHandler onTick);

/// Milliseconds since begin(); wraps after 49 days, so compare differences only.
uint32_t nowMs();

/// Whole seconds since begin(), for 136 years.
uint32_t uptimeS();

}  // namespace clock
