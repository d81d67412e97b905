// How close the program ever came to the end of its RAM.
#pragma once
#include <stdint.h>

namespace stack {

/// Paints the free RAM; call first in main().
void paint();

/// Looks at a little of the paint; all of it takes a second. Call every millisecond.
void everyMillisecond();

/// Bytes between variables and stack that were never used since paint(), as of the last look at all of them.
uint16_t leastFree();

}  // namespace stack
