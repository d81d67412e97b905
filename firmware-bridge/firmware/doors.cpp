#include "doors.h"

namespace doors {
namespace {

Contacts doorList, itemList;
uint8_t total;
uint8_t stableMs;

}  // namespace

void watch(const settings::Table& table) {
  doorList.clear();
  itemList.clear();
  for (uint8_t i = 0; i < table.lockers; ++i) {
    const settings::Locker& locker = table.locker[i];
    doorList.add(locker.doorPin, locker.closedWhenOpen());
    if (locker.itemPin) {
      itemList.add(locker.itemPin, locker.closedWhenPresent());
    } else {
      itemList.skip();
    }
  }
  total = table.lockers;
  stableMs = table.debounceMs;
}

Changes sample() { return {doorList.sample(stableMs), itemList.sample(stableMs)}; }

bool isOpen(uint8_t locker) {
  if (locker == 0 || locker > total) return false;
  const Contact& door = doorList[locker - 1];
  return door.isKnown && door.isOn && door.looksOn();
}

const Contacts& all() { return doorList; }
const Contacts& items() { return itemList; }

}  // namespace doors
