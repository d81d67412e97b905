// Pins as raw Firmata may use them: read all, write those that are neither a lock's nor a door's.
#pragma once
#include <stdint.h>

#include "pins.h"

namespace raw {

/// Firmata's ports are eight pins in the order of their numbers.
constexpr uint8_t kPorts = (pins::kCount + 7) / 8;

/// Whether Firmata may say that the pin can do anything: not the serial line's, not a lock's.
bool isOffered(uint8_t pin);

/// Each of these is ignored and counted where the pin is the guard's.
void setMode(uint8_t pin, uint8_t mode);
void setValue(uint8_t pin, bool high);
void writePort(uint8_t port, uint8_t levels);

uint8_t modeOf(uint8_t pin);
/// Levels of the port's inputs.
uint8_t readPort(uint8_t port);

}  // namespace raw
