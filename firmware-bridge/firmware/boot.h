// What happened before main(): why the board was reset, which boot this is, and what outlives a reset.
#pragma once
#include <stdint.h>

namespace boot {

/// The last pulse executed; survives every reset but power-off.
struct LastPulse {
  uint16_t tag;
  uint8_t locker;  // 0: none
  uint8_t opened;  // 1 once the door was seen open after it
};

/// Counts this boot in EEPROM and checks what survived. Call once. (Before main() the lock pins were driven already.)
void begin();

/// Bits of MCUSR: 1 power-on, 2 external, 4 brown-out, 8 watchdog.
uint8_t resetCause();
uint16_t id();

const LastPulse& lastPulse();
void remember(const LastPulse& pulse);

}  // namespace boot
