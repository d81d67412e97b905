// What stands behind the locks: each locker's door switch and, where there is one, its item switch.
#pragma once
#include <stdint.h>

#include "contacts.h"
#include "settings.h"

namespace doors {

/// Watches the switches of that table from now on; all are unknown until they settle.
void watch(const settings::Table& table);

/// What a round of looking has found.
struct Changes {
  bool doors;
  bool items;
};

/// Looks at every switch once; call it every millisecond.
Changes sample();

/// Whether the door is known to be open, and its switch still says so.
bool isOpen(uint8_t locker);

/// A door that is on is open; an item that is on is there.
const Contacts& all();
const Contacts& items();

}  // namespace doors
