// How close the program ever came to the end of its RAM.
#pragma once
#include <stdint.h>

namespace stack {

/// Paints the free RAM; call first in main().
void paint();

/// Bytes between variables and stack that were never used since paint().
uint16_t leastFree();

}  // namespace stack
