// USART0 at 57 600 baud, 8N1, with bounded queues in both directions.
#pragma once
#include <stdint.h>

namespace uart {

void begin();

/// Takes the next received byte; false when there is none.
bool read(uint8_t& byte);
bool hasInput();

/// Queues one byte; waits while the queue is full (the wire drains 5.7 bytes a millisecond).
void write(uint8_t byte);

/// Bytes lost because nobody read them in time, or the hardware overran; stops at 65 535.
uint16_t overruns();

}  // namespace uart
