// The board's end of its serial line: a pseudo-terminal that can be hung up and plugged in again under another name.
#pragma once
#include <stdbool.h>
#include <stdint.h>

/// Makes a new pseudo-terminal, hanging up the old one; returns its path.
const char *line_plug(void);
/// The host sees a hang-up; what was on its way is lost.
void line_unplug(void);
/// One byte to the host. Lost when nobody is plugged in or reads.
void line_send(uint8_t byte);
/// The descriptor to poll for bytes from the host; -1 when there is none or no room for them.
int line_room(void);
/// Takes what has come from the host.
void line_fill(void);
bool line_has_bytes(void);
/// The next byte from the host; false when there is none.
bool line_take(uint8_t *byte);
