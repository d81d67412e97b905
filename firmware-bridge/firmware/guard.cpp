#include "guard.h"

#include "boot.h"
#include "clock.h"
#include "doors.h"
#include "pins.h"
#include "pulse.h"
#include "settings.h"
#include "stack.h"
#include "uart.h"
#include "wire.h"

namespace guard {
namespace {

settings::Table live;  // no lockers: not configured

uint32_t session;  // 0: none
uint16_t sessionsBegun;
uint32_t heardMs;

/// The last PULSE of this session: repeated, it is answered again but not executed again.
bool hasPulsed;
uint8_t pulseSequence;
wire::Result pulseResult;
/// Whether the door was open when its pulse began: opening can end that pulse no more.
bool openBefore;

uint16_t badFrames, ignoredWrites;

void countUp(uint16_t& counter) {
  if (counter != UINT16_MAX) ++counter;
}

bool isConfigured() { return live.lockers != 0; }

void answer(const frame::Frame& request, wire::Result result, uint16_t detail = 0) {
  frame::Writer(wire::kAnswer, session, request.sequence)
      .u8(request.command)
      .u8(result)
      .u16(detail)
      .send(uart::write);
}

void reportPulse(const pulse::Report& report, wire::Ended why) {
  frame::Writer(wire::kPulsed, session, 0).u8(report.locker).u16(report.measuredMs).u8(why).send(uart::write);
}

void reportEndedPulse() {
  pulse::Report report;
  if (pulse::takeEnded(report)) reportPulse(report, wire::kByTime);
}

void lockOff(wire::Ended why) {
  reportEndedPulse();
  pulse::Report report;
  if (pulse::stop(report)) reportPulse(report, why);
}

void reportDoors(uint8_t sequence) {
  const boot::LastPulse& last = boot::lastPulse();
  frame::Writer(wire::kDoors, session, sequence)
      .u32(doors::known())
      .u32(doors::open())
      .u32(0)
      .u16(last.tag)
      .u8(last.locker)
      .u8(last.opened)
      .send(uart::write);
}

/// The last pulse's door was seen open: the host wants to know even when both were interrupted.
void noteOpened() {
  const boot::LastPulse last = boot::lastPulse();
  if (!last.opened && doors::isOpen(last.locker)) boot::remember({last.tag, last.locker, 1});
}

void endSession(wire::Ended why) {
  lockOff(why);
  session = 0;
  hasPulsed = false;
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

void goLive() {
  for (uint8_t i = 0; i < live.lockers; ++i) pins::makeInput(live.locker[i].lockPin, false);
  live = settings::staged();
  for (uint8_t i = 0; i < live.lockers; ++i) pins::makeOutput(live.locker[i].lockPin, live.activeLow());
  doors::watch(live);
}

void apply(const frame::Frame& request) {
  const settings::Verdict verdict = settings::check(request.u16(0));
  const bool isAccepted = verdict.result == wire::kOk;
  if (isAccepted && !settings::areSame(live, settings::staged())) {
    lockOff(wire::kBySessionEnd);
    goLive();
  }
  answer(request, verdict.result, verdict.detail);
  if (isAccepted) reportDoors(0);
}

wire::Result startPulse(uint8_t number, uint16_t wantedMs, uint16_t tag) {
  if (!isConfigured()) return wire::kNotConfigured;
  if (number == 0 || number > live.lockers) return wire::kLockerUnknown;
  if (wantedMs == 0) return wire::kLengthZero;
  if (pulse::locker() != 0) return wire::kTooManyOn;
  uint16_t ms = wantedMs < live.pulseMaxMs ? wantedMs : live.pulseMaxMs;
  if (ms > settings::kPulseCeilingMs) ms = settings::kPulseCeilingMs;
  openBefore = doors::isOpen(number);
  // Remembered first: a lock that was on is never one that nobody remembers.
  boot::remember({tag, number, 0});
  pulse::start(number, live.locker[number - 1].lockPin, !live.activeLow(), ms);
  return wire::kOk;
}

void pulseOnce(const frame::Frame& request) {
  if (!hasPulsed || request.sequence != pulseSequence) {
    pulseResult = startPulse(request.u8(0), request.u16(1), request.u16(3));
    pulseSequence = request.sequence;
    hasPulsed = true;
  }
  answer(request, pulseResult);
}

void tell(const frame::Frame& request, settings::Verdict verdict) { answer(request, verdict.result, verdict.detail); }

void reportStatus(const frame::Frame& request) {
  frame::Writer(wire::kStatus, session, request.sequence)
      .u16(boot::id())
      .u32(clock::uptimeS())
      .u8(boot::resetCause())
      .u8(pulse::locker() ? 1 : 0)
      .u16(badFrames)
      .u16(ignoredWrites)
      .u16(0)
      .u16(uart::overruns())
      .u16(stack::leastFree())
      .u16(0)
      .send(uart::write);
}

void execute(const frame::Frame& request) {
  switch (request.command) {
    case wire::kHello: return hello(request);
    case wire::kSettings: return tell(request, settings::begin(request));
    case wire::kLocker: return tell(request, settings::add(request));
    case wire::kApply: return apply(request);
    case wire::kPulse: return pulseOnce(request);
    case wire::kHeartbeat: return reportStatus(request);
    case wire::kQueryDoors: return reportDoors(request.sequence);
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

void everyMillisecond() {
  reportEndedPulse();
  if (session && isConfigured() && clock::nowMs() - heardMs >= live.hostSilenceMs) endSession(wire::kByHostSilence);
  const bool changed = doors::sample();
  noteOpened();
  // The coil has done its work; the host hears so before it hears of the door, and may unlock the next one.
  if (!openBefore && doors::isOpen(pulse::locker())) lockOff(wire::kByDoor);
  if (changed && session) reportDoors(0);
}

void handle(const frame::Frame& request) {
  if (!isHeard(request)) return countBadFrame();
  heardMs = clock::nowMs();
  execute(request);
}

void countBadFrame() { countUp(badFrames); }
void countIgnoredWrite() { countUp(ignoredWrites); }

}  // namespace guard
