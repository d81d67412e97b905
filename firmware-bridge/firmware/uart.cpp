#include "uart.h"

#include <avr/interrupt.h>
#include <avr/io.h>
#include <util/atomic.h>

namespace uart {
namespace {

// Powers of two, so that a uint8_t or a mask wraps them. 256 bytes in: four whole frames while the main loop is busy.
// 1 024 bytes out: the whole capability response, so that answering it never blocks the loop.
constexpr uint16_t kTxSize = 1024;
uint8_t rx[256];
volatile uint8_t rxHead, rxTail;
uint8_t tx[kTxSize];
volatile uint16_t txHead, txTail;
volatile uint16_t lost;

}  // namespace

void begin() {
  UCSR0A = _BV(U2X0);
  UBRR0 = 34;  // 57 143 baud with U2X: 0.8 % slow, inside the 2 % that 8N1 bears
  UCSR0C = _BV(UCSZ01) | _BV(UCSZ00);
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
}

bool hasInput() { return rxHead != rxTail; }

bool read(uint8_t& byte) {
  if (!hasInput()) return false;
  byte = rx[rxTail];
  rxTail = rxTail + 1;
  return true;
}

void write(uint8_t byte) {
  const uint16_t next = (txHead + 1) % kTxSize;
  for (;;) {
    uint16_t tail;
    ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { tail = txTail; }
    if (next != tail) break;
  }
  tx[txHead] = byte;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) {
    txHead = next;
    UCSR0B |= _BV(UDRIE0);
  }
}

uint16_t overruns() {
  uint16_t count;
  ATOMIC_BLOCK(ATOMIC_RESTORESTATE) { count = lost; }
  return count;
}

}  // namespace uart

ISR(USART0_RX_vect) {
  const uint8_t status = UCSR0A;
  const uint8_t byte = UDR0;
  const uint8_t next = uart::rxHead + 1;
  const bool full = next == uart::rxTail;
  if ((full || (status & _BV(DOR0))) && uart::lost != UINT16_MAX) uart::lost = uart::lost + 1;
  if (full) return;
  uart::rx[uart::rxHead] = byte;
  uart::rxHead = next;
}

ISR(USART0_UDRE_vect) {
  UDR0 = uart::tx[uart::txTail];
  uart::txTail = (uart::txTail + 1) % uart::kTxSize;
  if (uart::txTail == uart::txHead) UCSR0B &= ~_BV(UDRIE0);
}
