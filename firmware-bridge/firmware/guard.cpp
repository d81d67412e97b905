#include "guard.h"

#include <util/atomic.h>

#include "boot.h"
#include "clock.h"
#include "doors.h"
#include "pins.h"
#include "settings.h"
#include "uart.h"

extern char __heap_start;

namespace guard {
namespace {

enum Command : uint8_t {
  kHello = 0x01,
  kWelcome = 0x02,
  kSettings = 0x03,
  kLocker = 0x04,
  kApply = 0x05,
  kAnswer = 0x06,
  kPulse = 0x07,
  kPulsed = 0x08,
  kHeartbeat = 0x09,
  kStatus = 0x0a,
  kDoors = 0x0b,
  kQueryDoors = 0x0c,
};

enum Reason : uint8_t { kOk = 0, kLockerUnknown = 1, kAnotherLockOn = 2, kLengthZero = 3, kNotConfigured = 4 };

enum Ended : uint8_t { kByTime = 0, kByHostSilence = 1, kBySessionEnd = 2 };

constexpr uint8_t kProtocol = 1;
/// No setting can make a coil stay on longer.
constexpr uint16_t kPulseCeilingMs = 5000;

settings::Table live;
bool configured;
doors::Door watched[settings::kMaxLockers];

uint32_t session;  // 0: none
uint16_t freshSession;
uint32_t lastHeardMs;

/// The pulse under way. The interrupt ends it; the main loop reports it.
volatile uint8_t onLocker;  // 0: none
volatile uint16_t remainingMs;
volatile bool endedByTime;
uint16_t pulseMs;

/// The last PULSE of this session and how it was answered: a repeated one is answered again, not executed again.
bool hasPulsed;
uint8_t pulseSequence;
uint8_t pulseAnswer;

uint16_t badFrames, ignoredWrites;

void countUp(uint16_t& counter) {
  if (counter != UINT16_MAX) ++counter;
}

void drive(uint8_t locker, bool on) { pins::write(live.locker[locker - 1].lockPin, on != live.activeLow()); }

void answer(const frame::Frame& request, uint8_t result, uint16_t detail = 0) {
  frame::Writer(kAnswer, session, request.sequence).u8(request.command).u8(result).u16(detail).send(uart::write);
}

void reportPulse(uint8_t locker, uint16_t measuredMs, Ended why) {
  frame::Writer(kPulsed, session, 0).u8(locker).u16(measuredMs).u8(why).send(uart::write);
}

/// Ends a pulse before its time and says so.
void lockOff(Ended why) {
  uint8_t locker;
  uint16_t left = 0;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    locker = onLocker;
    left = remainingMs;
    if (locker) drive(locker, false);
    onLocker = 0;
    endedByTime = false;
  }
  if (locker) reportPulse(locker, pulseMs - left, why);
}

void reportDoors(uint8_t sequence) {
  const boot::LastPulse& last = boot::lastPulse();
  frame::Writer(kDoors, session, sequence)
      .u32(doors::known())
      .u32(doors::open())
      .u16(last.tag)
      .u8(last.locker)
      .u8(last.opened)
      .send(uart::write);
}

void endSession(Ended why) {
  lockOff(why);
  session = 0;
  hasPulsed = false;
}

void hello(const frame::Frame& request) {
  endSession(kBySessionEnd);
  // Odd, so that every boot starts its numbers elsewhere; counted up, so that none repeats within a boot.
  if (freshSession == 0) freshSession = static_cast<uint16_t>(boot::id() * 40503u);
  if (++freshSession == 0) ++freshSession;
  const uint16_t hostNonce = request.u16(1);
  session = static_cast<uint32_t>(freshSession) << 16 | hostNonce;
  frame::Writer(kWelcome, session, request.sequence)
      .u8(kProtocol)
      .u16(hostNonce)
      .u8(LENING_MAJOR)
      .u8(LENING_MINOR)
      .u16(boot::id())
      .u8(boot::resetCause())
      .u8(settings::kMaxLockers)
      .u16(configured ? settings::crcOf(live) : 0)
      .send(uart::write);
}

void goLive() {
  for (uint8_t i = 0; configured && i < live.lockers; ++i) pins::makeInput(live.locker[i].lockPin, false);
  live = settings::staged();
  for (uint8_t i = 0; i < live.lockers; ++i) {
    const settings::Locker& locker = live.locker[i];
    pins::makeOutput(locker.lockPin, live.activeLow());
    pins::makeInput(locker.doorPin, true);
    watched[i] = {locker.doorPin, (locker.flags & 1) != 0};
  }
  configured = true;
  doors::watch(watched, live.lockers, live.debounceMs);
}

void apply(const frame::Frame& request) {
  const settings::Verdict verdict = settings::check(request.u16(0));
  const bool isLive = configured && verdict.result == settings::kOk && settings::crcOf(live) == verdict.detail;
  if (verdict.result == settings::kOk && !isLive) {
    lockOff(kBySessionEnd);
    goLive();
  }
  answer(request, verdict.result, verdict.detail);
  if (verdict.result == settings::kOk) reportDoors(0);
}

void tell(const frame::Frame& request, settings::Verdict verdict) { answer(request, verdict.result, verdict.detail); }

uint8_t pulse(uint8_t locker, uint16_t wantedMs, uint16_t tag) {
  if (!configured) return kNotConfigured;
  if (locker == 0 || locker > live.lockers) return kLockerUnknown;
  if (wantedMs == 0) return kLengthZero;
  if (onLocker) return kAnotherLockOn;
  uint16_t ms = wantedMs < live.pulseMaxMs ? wantedMs : live.pulseMaxMs;
  if (ms > kPulseCeilingMs) ms = kPulseCeilingMs;
  boot::remember({tag, locker, 0});
  pulseMs = ms;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    endedByTime = false;
    remainingMs = ms;
    onLocker = locker;
    drive(locker, true);
  }
  return kOk;
}

void pulseOnce(const frame::Frame& request) {
  const bool repeated = hasPulsed && request.sequence == pulseSequence;
  if (!repeated) {
    pulseAnswer = pulse(request.u8(0), request.u16(1), request.u16(3));
    pulseSequence = request.sequence;
    hasPulsed = true;
  }
  answer(request, pulseAnswer);
}

uint16_t freeRam() {
  char here;
  return static_cast<uint16_t>(&here - &__heap_start);
}

void status(const frame::Frame& request) {
  frame::Writer(kStatus, session, request.sequence)
      .u16(boot::id())
      .u32(clock::nowMs() / 1000)
      .u8(boot::resetCause())
      .u8(onLocker)
      .u16(badFrames)
      .u16(ignoredWrites)
      .u16(uart::overruns())
      .u16(freeRam())
      .send(uart::write);
}

/// How many field bytes each command of the host has; 0xff for one that is not the host's.
uint8_t fieldsOf(uint8_t command) {
  switch (command) {
    case kHello: return 3;
    case kSettings: return 7;
    case kLocker: return 4;
    case kApply: return 2;
    case kPulse: return 5;
    case kHeartbeat:
    case kQueryDoors: return 0;
    default: return 0xff;
  }
}

void execute(const frame::Frame& request) {
  switch (request.command) {
    case kSettings: return tell(request, settings::begin(request));
    case kLocker: return tell(request, settings::add(request));
    case kApply: return apply(request);
    case kPulse: return pulseOnce(request);
    case kHeartbeat: return status(request);
    case kQueryDoors: return reportDoors(request.sequence);
  }
}

/// The last pulse's door was seen open: the host wants to know even after both were interrupted.
void noteOpened() {
  const boot::LastPulse last = boot::lastPulse();
  const bool isOpen = last.locker && (doors::known() & doors::open()) >> (last.locker - 1) & 1;
  if (isOpen && !last.opened) boot::remember({last.tag, last.locker, 1});
}

}  // namespace

bool isLockPin(uint8_t pin) {
  for (uint8_t i = 0; configured && i < live.lockers; ++i) {
    if (live.locker[i].lockPin == pin) return true;
  }
  return false;
}

void tick() {
  if (!onLocker || endedByTime) return;
  const uint16_t left = remainingMs - 1;
  remainingMs = left;
  if (left) return;
  drive(onLocker, false);
  endedByTime = true;
}

void everyMillisecond() {
  if (endedByTime) {
    const uint8_t locker = onLocker;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
      endedByTime = false;
      onLocker = 0;
    }
    reportPulse(locker, pulseMs, kByTime);
  }
  if (session && configured && clock::nowMs() - lastHeardMs > live.hostSilenceMs) endSession(kByHostSilence);
  if (!configured || !doors::sample()) return;
  noteOpened();
  if (session) reportDoors(0);
}

void handle(const frame::Frame& request) {
  const bool isHello = request.command == kHello;
  if (fieldsOf(request.command) != request.length || request.session != (isHello ? 0 : session) ||
      (!isHello && session == 0)) {
    return countBadFrame();
  }
  lastHeardMs = clock::nowMs();
  if (isHello) {
    if (request.u8(0) == kProtocol) return hello(request);
    return countBadFrame();
  }
  execute(request);
}

void countBadFrame() { countUp(badFrames); }
void countIgnoredWrite() { countUp(ignoredWrites); }

}  // namespace guard
