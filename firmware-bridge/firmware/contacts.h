// Switches at inputs: debounced, known only once they have been stable, and not while they chatter.
#pragma once
#include <stdint.h>

#include "pins.h"

/// One switch; "on" is whatever its two levels mean to the caller.
struct Contact {
  pins::Input input;
  uint8_t onLevel;      // what `input` reads when it is on
  bool isKnown;
  bool isOn;
  bool chatters;
  uint8_t level;        // at the last look
  bool rests;           // nothing but an edge can change anything
  uint8_t settledMs;    // how long it has looked different from what is known
  uint8_t deafMs;       // how long further edges are the same bounce
  uint8_t restless;     // rises with every edge and change, leaks away with time

  /// To be called every millisecond. True when what is known has changed.
  bool look(uint8_t stableMs) {
    const uint8_t now = *input.reg & input.mask;
    return now == level && rests ? false : lookClosely(now, stableMs);
  }
  bool looksOn() const { return level == onLevel; }
  void calm() { restless -= restless != 0; }

 private:
  [[gnu::noinline]] bool lookClosely(uint8_t now, uint8_t stableMs);
  bool edge();
  bool settle();
  void stir(uint8_t by);
};

/// A row of switches, one for each locker from 1 on.
class Contacts {
 public:
  static constexpr uint8_t kMost = 32;

  void clear();
  /// Makes a pin an input with pull-up and watches it; unknown until it settles. It is on when closed, or else when open.
  void add(uint8_t pin, bool isOnWhenClosed);
  /// A locker without a switch.
  void skip();

  /// Looks at every switch once; to be called every millisecond. True when one became known, unknown, or another.
  bool sample(uint8_t stableMs);

  /// Whether there is any.
  bool any() const { return used_; }
  const Contact& operator[](uint8_t index) const { return list_[index]; }
  /// Of each for which `property` holds; bit 0 is locker 1.
  uint32_t bitsOf(bool Contact::*property) const;

 private:
  void calm();

  Contact list_[kMost];
  uint8_t total_;
  bool used_;
  uint8_t sinceCalmMs_;
};
