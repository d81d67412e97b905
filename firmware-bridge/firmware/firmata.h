// As much of Firmata 2.5 as johnny-five needs to see a board: names, capabilities, inputs. Lock pins are out of reach.
#pragma once
#include <stdint.h>

namespace firmata {

/// Says who the board is, unasked: the host takes an unexpected version report for a reset.
void announce();

/// Takes the next byte from the host.
void receive(uint8_t byte);

/// Drops a message whose next byte did not come in time, and reports inputs that changed. Call every millisecond.
void everyMillisecond();

}  // namespace firmata
