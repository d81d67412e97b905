#include "contacts.h"

namespace {

// The leaky bucket of ../README.md, rule 7. A door swung once a second just does not fill it.
constexpr uint8_t kChatters = 24;
constexpr uint8_t kEdge = 1;
constexpr uint8_t kChange = 4;
constexpr uint8_t kCalmEveryMs = 100;
/// A bad contact bounces this long: that is one edge.
constexpr uint8_t kBounceMs = 30;

}  // namespace

bool Contact::lookClosely(uint8_t now, uint8_t stableMs) {
  if (deafMs) --deafMs;
  bool changed = false;
  if (now != level) {
    level = now;
    settledMs = 0;
    changed = edge();
  }
  const bool isDone = chatters ? restless != 0 : isKnown && isOn == looksOn();
  if (!isDone && ++settledMs >= stableMs) changed = settle();
  rests = isKnown && isOn == looksOn() && deafMs == 0;
  return changed;
}

bool Contact::edge() {
  if (deafMs) return false;
  deafMs = kBounceMs;
  const bool chattered = chatters;
  // No changes are made out while it chatters: each edge might be one.
  stir(chatters ? kEdge + kChange : kEdge);
  return chatters != chattered;
}

bool Contact::settle() {
  settledMs = 0;
  chatters = false;
  isOn = looksOn();
  if (isKnown) stir(kChange);
  isKnown = !chatters;
  return true;
}

void Contact::stir(uint8_t by) {
  restless += by;
  if (restless < kChatters) return;
  restless = kChatters;
  chatters = true;
  isKnown = false;
}

void Contacts::clear() {
  total_ = 0;
  used_ = false;
}

void Contacts::add(uint8_t pin, bool isOnWhenClosed) {
  pins::makeInput(pin, true);
  const pins::Input input = pins::inputAt(pin);
  Contact& contact = list_[total_++];
  contact = Contact{};
  contact.input = input;
  // The pull-up makes an open switch read high.
  contact.onLevel = isOnWhenClosed ? 0 : input.mask;
  contact.level = *input.reg & input.mask;
  used_ = true;
}

void Contacts::skip() {
  Contact& none = list_[total_++];
  none = Contact{};
  // Any register will do: nothing of it is looked at, so nothing ever changes.
  none.input = {pins::inputAt(pins::kFirstFree).reg, 0};
  none.rests = true;
}

bool Contacts::sample(uint8_t stableMs) {
  if (!used_) return false;
  const bool calms = ++sinceCalmMs_ >= kCalmEveryMs;
  if (calms) sinceCalmMs_ = 0;
  if (calms) calm();
  bool changed = false;
  const Contact* const end = list_ + total_;
  for (Contact* contact = list_; contact != end; ++contact) {
    if (contact->look(stableMs)) changed = true;
  }
  return changed;
}

void Contacts::calm() {
  for (Contact& contact : list_) contact.calm();
}

uint32_t Contacts::bitsOf(bool Contact::*property) const {
  uint32_t bits = 0;
  for (uint8_t i = total_; i > 0; --i) bits = bits << 1 | (list_[i - 1].*property ? 1 : 0);
  return bits;
}
