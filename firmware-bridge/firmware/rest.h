// The pause a coil needs after it was on: a coil made for short pulses overheats without.
#pragma once
#include <stdint.h>

namespace rest {

/// The coil at a pin has just been switched off. Also from the tick interrupt.
void begin(uint8_t pin);

/// How much of a rest of `restMs` that coil still has before it; 0: it may go on.
uint16_t leftMs(uint8_t pin, uint16_t restMs);

/// Forgets rests long over, before the clock wraps around to them. Call every millisecond.
void everyMillisecond();

}  // namespace rest
