/*
 * A small program that lets the tests look at the emulated chip itself, apart from the kiosk's firmware.
 *
 *   avr-gcc -mmcu=atmega2560 -DF_CPU=16000000UL -Os probe.c -o probe.elf && avr-objcopy -O ihex probe.elf probe.hex
 *
 * At boot it says "!", MCUSR, the boots SRAM remembers and the boots EEPROM remembers, as digits. Then it echoes bytes,
 * says "o" and "c" when pin 30 goes high and low, toggles pin 13 every 500 ms and answers these:
 *   P  pin 22 high for 100 ms        W  hangs until the watchdog bites
 *   B  looks away for 3 ms           "?" reports a receive overrun
 *   H  hangs, and twice more right after the reset
 */
#include <avr/eeprom.h>
#include <avr/interrupt.h>
#include <avr/io.h>
#include <avr/sleep.h>
#include <avr/wdt.h>
#include <util/delay.h>

static uint8_t cause __attribute__((section(".noinit")));
static uint8_t boots __attribute__((section(".noinit")));
static volatile uint8_t hangs __attribute__((section(".noinit")));
static volatile uint8_t queue[128], head, tail;
static volatile uint16_t tick, pulse;

void early(void) __attribute__((naked, used, section(".init3")));
void early(void) {
  cause = MCUSR;
  MCUSR = 0;
  if (cause & _BV(PORF)) hangs = 0;
  if (hangs) {
    hangs--;
    for (;;) {}
  }
  wdt_disable();
}

static void put(uint8_t byte) {
  queue[head++ & 127] = byte;
  UCSR0B |= _BV(UDRIE0);
}

ISR(USART0_RX_vect) {
  if (UCSR0A & _BV(DOR0)) put('?');
  uint8_t byte = UDR0;
  if (byte == 'H') hangs = 2;
  if (byte == 'H' || byte == 'W') for (;;) {}
  if (byte == 'B') _delay_ms(3);
  if (byte == 'P') {
    PORTA |= 1;
    pulse = 100;
  }
  put(byte);
}

ISR(USART0_UDRE_vect) {
  if (head == tail) UCSR0B &= ~_BV(UDRIE0);
  else UDR0 = queue[tail++ & 127];
}

ISR(TIMER1_COMPA_vect) {
  if (++tick % 500 == 0) PINB = _BV(7);
  if (pulse && --pulse == 0) PORTA &= ~1;
}

/* An interrupt is pending at SEI; were it served before SLEEP, nothing would ever wake us. */
static void sleepWithPending(void) {
  UCSR0B = _BV(TXEN0) | _BV(UDRIE0);
  SMCR = _BV(SE);
  __asm__ volatile("sei\n sleep\n cli" ::: "memory");
}

int main(void) {
  sleepWithPending();
  UCSR0A = _BV(U2X0);
  UBRR0 = 34;
  UCSR0B = _BV(RXEN0) | _BV(TXEN0) | _BV(RXCIE0);
  OCR1A = 249;
  TCCR1B = _BV(WGM12) | _BV(CS11) | _BV(CS10);
  TIMSK1 = _BV(OCIE1A);
  DDRA = 1;
  DDRB = _BV(7);
  PORTC = _BV(7);
  if (cause & _BV(PORF)) boots = 0;
  boots++;
  uint8_t kept = eeprom_read_byte((uint8_t *)5) + 1;
  eeprom_update_byte((uint8_t *)5, kept);
  put('!');
  put('0' + cause);
  put('0' + boots);
  put('0' + kept);
  wdt_enable(WDTO_120MS);
  set_sleep_mode(SLEEP_MODE_IDLE);
  sei();
  for (uint8_t before = _BV(7);;) {
    wdt_reset();
    uint8_t now = PINC & _BV(7);
    cli();
    if (now != before) put(now ? 'o' : 'c');
    sei();
    before = now;
    sleep_mode();
  }
}
