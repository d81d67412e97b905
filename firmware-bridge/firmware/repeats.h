// The last commands that must not be executed twice, by sequence, with what was answered to each. No hardware in here.
#pragma once
#include <stdint.h>

#include "wire.h"

/// A host that hears no answer asks again; several such commands may be under way at once.
class Repeats {
 public:
  /// As many as locks may be on at once.
  static constexpr uint8_t kKept = 4;

  /// What was answered to that sequence; null when it is a new command.
  const wire::Verdict* find(uint8_t sequence) const {
    for (uint8_t i = 0; i < used_; ++i) {
      if (sequences_[i] == sequence) return &verdicts_[i];
    }
    return nullptr;
  }

  /// Keeps one more; the oldest goes when there is no room.
  void add(uint8_t sequence, wire::Verdict verdict) {
    sequences_[next_] = sequence;
    verdicts_[next_] = verdict;
    next_ = (next_ + 1) % kKept;
    if (used_ < kKept) ++used_;
  }

  void forget() { next_ = used_ = 0; }

 private:
  uint8_t sequences_[kKept] = {};
  wire::Verdict verdicts_[kKept] = {};
  uint8_t next_ = 0;
  uint8_t used_ = 0;
};
