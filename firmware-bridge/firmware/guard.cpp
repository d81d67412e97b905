#include "guard.h"

#include "boot.h"
#include "clock.h"
#include "doors.h"
#include "pins.h"
#include "pulse.h"
#include "repeats.h"
#include "rest.h"
#include "rounds.h"
#include "settings.h"
#include "stack.h"
#include "store.h"
#include "uart.h"
#include "wire.h"

namespace guard {
namespace {

settings::Table live;  // no lockers: not configured

uint32_t session;  // 0: none
uint16_t sessionsBegun;
uint32_t heardMs;

/// The last PULSEs of this session: repeated, each is answered again but not executed again.
Repeats repeats;
/// Lockers whose door was open when their pulse began: opening can end that pulse no more. Bit 0 is locker 1.
uint32_t openBefore;

uint16_t badFrames, ignoredWrites, guardTrips;

void countUp(uint16_t& counter) {
  if (counter != UINT16_MAX) ++counter;
}

bool isConfigured() { return live.lockers != 0; }

void answer(const frame::Frame& request, wire::Verdict verdict) {
  frame::Writer(wire::kAnswer, session, request.sequence)
      .u8(request.command)
      .u8(verdict.result)
      .u16(verdict.detail)
      .send(uart::write);
}

void reportPulse(const pulse::Report& report, wire::Ended why) {
  frame::Writer(wire::kPulsed, session, 0).u8(report.locker).u16(report.measuredMs).u8(why).send(uart::write);
}

void reportEndedPulses() {
  pulse::Report report;
  while (pulse::takeEnded(report)) reportPulse(report, wire::kByTime);
}

void stopPulse(uint8_t slot, wire::Ended why) {
  pulse::Report report;
  if (!pulse::stop(slot, report)) return;
  if (why != wire::kByDoor) countUp(guardTrips);
  reportPulse(report, why);
}

void locksOff(wire::Ended why) {
  reportEndedPulses();
  for (uint8_t slot = 0; slot < pulse::kSlots; ++slot) stopPulse(slot, why);
}

uint32_t bitOf(uint8_t locker) { return uint32_t{1} << (locker - 1); }

/// Coils whose door has opened have done their work.
void stopOpened() {
  for (uint8_t slot = 0; slot < pulse::kSlots; ++slot) {
    const uint8_t locker = pulse::lockerIn(slot);
    if (locker && !(openBefore & bitOf(locker)) && doors::isOpen(locker)) stopPulse(slot, wire::kByDoor);
  }
}

void reportDoors(uint8_t sequence) {
  const boot::LastPulse& last = boot::lastPulse();
  frame::Writer(wire::kDoors, session, sequence)
      .u32(doors::all().bitsOf(&Contact::isKnown))
      .u32(doors::all().bitsOf(&Contact::isOn))
      .u32(doors::all().bitsOf(&Contact::chatters))
      .u16(last.tag)
      .u8(last.locker)
      .u8(last.opened)
      .send(uart::write);
}

/// Only where items are watched.
void reportItems(uint8_t sequence) {
  if (!doors::items().any()) return;
  frame::Writer(wire::kItems, session, sequence)
      .u32(doors::items().bitsOf(&Contact::isKnown))
      .u32(doors::items().bitsOf(&Contact::isOn))
      .send(uart::write);
}

/// The whole picture.
void reportSwitches(uint8_t sequence) {
  reportDoors(sequence);
  reportItems(sequence);
}

/// The last pulse's door was seen open: the host wants to know even when both were interrupted.
void noteOpened() {
  const boot::LastPulse last = boot::lastPulse();
  if (!last.opened && doors::isOpen(last.locker)) boot::remember({last.tag, last.locker, 1});
}

void endSession(wire::Ended why) {
  locksOff(why);
  session = 0;
  repeats.forget();
}

/// A number that no other session of this boot has; the odd factor makes each boot start elsewhere.
uint32_t freshSession(uint16_t hostNonce) {
  const uint16_t number = static_cast<uint16_t>(boot::id() * 40503u) + ++sessionsBegun;
  const uint32_t fresh = static_cast<uint32_t>(number) << 16 | hostNonce;
  return fresh == 0 ? freshSession(hostNonce) : fresh;  // 0 is HELLO's
}

/// Also welcomes a host of another protocol: it is told which one the board speaks.
void hello(const frame::Frame& request) {
  endSession(wire::kBySessionEnd);
  const uint16_t hostNonce = request.u16(1);
  session = freshSession(hostNonce);
  frame::Writer(wire::kWelcome, session, request.sequence)
      .u8(wire::kProtocol)
      .u16(hostNonce)
      .u8(LENING_MAJOR)
      .u8(LENING_MINOR)
      .u16(boot::id())
      .u8(boot::resetCause())
      .u8(settings::kMaxLockers)
      .u16(isConfigured() ? settings::crcOf(live) : 0)
      .send(uart::write);
}

void releaseLocks() {
  for (uint8_t i = 0; i < live.lockers; ++i) pins::makeInput(live.locker[i].lockPin, false);
}

void goLive() {
  releaseLocks();
  live = settings::staged();
  for (uint8_t i = 0; i < live.lockers; ++i) pins::makeOutput(live.locker[i].lockPin, live.activeLow());
  doors::watch(live);
  store::save(live);
}

void apply(const frame::Frame& request) {
  const wire::Verdict verdict = settings::check(request.u16(0));
  const bool isAccepted = verdict.result == wire::kOk;
  if (isAccepted && !settings::areSame(live, settings::staged())) {
    locksOff(wire::kBySessionEnd);
    goLive();
  }
  answer(request, verdict);
  if (isAccepted) reportSwitches(0);
}

/// When a coil that is on, or was lately, may go on again.
uint16_t untilRestedMs(uint8_t pin) {
  const uint16_t onMs = pulse::leftMs(pin);
  if (onMs == 0) return rest::leftMs(pin, live.restMs);
  const uint32_t untilMs = uint32_t{onMs} + live.restMs;
  return untilMs < UINT16_MAX ? untilMs : UINT16_MAX;
}

wire::Verdict refusalOf(uint8_t number, uint16_t wantedMs) {
  if (!isConfigured()) return {wire::kNotConfigured, 0};
  if (number == 0 || number > live.lockers) return {wire::kLockerUnknown, 0};
  if (wantedMs == 0) return {wire::kLengthZero, 0};
  const uint16_t untilMs = untilRestedMs(live.locker[number - 1].lockPin);
  if (untilMs) return {wire::kResting, untilMs};
  if (pulse::count() >= live.locksOnMax) return {wire::kTooManyOn, 0};
  return {wire::kOk, 0};
}

wire::Verdict startPulse(uint8_t number, uint16_t wantedMs, uint16_t tag) {
  reportEndedPulses();
  const wire::Verdict verdict = refusalOf(number, wantedMs);
  if (verdict.result != wire::kOk) return verdict;
  if (wantedMs > live.pulseMaxMs) countUp(guardTrips);
  const uint16_t ms = wantedMs > live.pulseMaxMs ? live.pulseMaxMs : wantedMs;
  openBefore = doors::isOpen(number) ? openBefore | bitOf(number) : openBefore & ~bitOf(number);
  // Remembered first: a lock that was on is never one that nobody remembers.
  boot::remember({tag, number, 0});
  pulse::start(number, live.locker[number - 1].lockPin, !live.activeLow(), ms);
  return verdict;
}

void pulseOnce(const frame::Frame& request) {
  const wire::Verdict* before = repeats.find(request.sequence);
  if (before) return answer(request, *before);
  const wire::Verdict verdict = startPulse(request.u8(0), request.u16(1), request.u16(3));
  repeats.add(request.sequence, verdict);
  answer(request, verdict);
}

void reportStatus(const frame::Frame& request) {
  frame::Writer(wire::kStatus, session, request.sequence)
      .u16(boot::id())
      .u32(clock::uptimeS())
      .u8(boot::resetCause())
      .u8(pulse::count())
      .u16(badFrames)
      .u16(ignoredWrites)
      .u16(guardTrips)
      .u16(uart::overruns())
      .u16(stack::leastFree())
      .u16(rounds::longestUs())
      .send(uart::write);
}

void execute(const frame::Frame& request) {
  switch (request.command) {
    case wire::kHello: return hello(request);
    case wire::kSettings: return answer(request, settings::begin(request));
    case wire::kLocker: return answer(request, settings::add(request));
    case wire::kApply: return apply(request);
    case wire::kPulse: return pulseOnce(request);
    case wire::kHeartbeat: return reportStatus(request);
    case wire::kQueryDoors: return reportSwitches(request.sequence);
  }
}

/// Only HELLO is outside of sessions.
bool isHeard(const frame::Frame& request) {
  if (request.command == wire::kHello) return request.session == 0;
  return session != 0 && request.session == session;
}

}  // namespace

Owner ownerOf(uint8_t pin) {
  if (!isConfigured()) return Owner::kUnknown;
  for (uint8_t i = 0; i < live.lockers; ++i) {
    if (live.locker[i].lockPin == pin) return Owner::kLock;
    if (live.locker[i].doorPin == pin || live.locker[i].itemPin == pin) return Owner::kDoor;
  }
  return Owner::kNobody;
}

void begin() {
  if (!store::load(live)) return;
  if (!settings::isPossible(live)) {
    releaseLocks();
    live = settings::Table{};
    return;
  }
  doors::watch(live);
  // The reset ended its pulse, if it was on at all.
  const uint8_t last = boot::lastPulse().locker;
  if (last && last <= live.lockers) rest::begin(live.locker[last - 1].lockPin);
}

void everyMillisecond() {
  reportEndedPulses();
  rest::everyMillisecond();
  store::everyMillisecond();
  if (session && isConfigured() && clock::nowMs() - heardMs >= live.hostSilenceMs) endSession(wire::kByHostSilence);
  const doors::Changes changes = doors::sample();
  noteOpened();
  // The host hears of the lock before it hears of the door, and may unlock the next one.
  stopOpened();
  if (changes.doors && session) reportDoors(0);
  if (changes.items && session) reportItems(0);
}

void handle(const frame::Frame& request) {
  if (!isHeard(request)) return countBadFrame();
  heardMs = clock::nowMs();
  execute(request);
}

void countBadFrame() { countUp(badFrames); }
void countIgnoredWrite() { countUp(ignoredWrites); }

}  // namespace guard
