// Door switches: debounced, and known only once they have been stable.
#pragma once
#include <stdint.h>

namespace doors {

struct Door {
  uint8_t pin;
  bool closedWhenOpen;  // the switch is closed while the door is open
};

/// Watches `count` doors from now on; all unknown until their switches were stable for `debounceMs`.
void watch(const Door* doors, uint8_t count, uint8_t debounceMs);

/// Looks at every switch once; call it every millisecond. True when a known door changed or became known.
bool sample();

/// Bit 0 is locker 1.
uint32_t known();
uint32_t open();

}  // namespace doors
