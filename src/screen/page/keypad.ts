import type { ScreenView } from '../view.js';
import { type Language, labels } from './labels.js';
import { button, make } from './make.js';

const shortest = 4;
const longest = 8;

/**
 * The keypad for a card’s PIN. What is typed stays in here until it is handed to `onEnter`, is shown as dots only, and
 * is forgotten as soon as the keypad is locked or gone.
 */
export function createKeypad(section: HTMLElement, onEnter: (pin: string) => void) {
  let typed = '';
  let isOpen = false;
  const dots = make('p', 'dots');
  const keys = make('div', 'keys');
  const erase = button('key word', () => type(typed.slice(0, -1)));
  const enter = button('key word enter', send);
  keys.append(...[...'123456789'].map(digit), erase, digit('0'), enter);
  section.append(dots, keys);

  function digit(figure: string): HTMLElement {
    const key = button('key', () => type(typed + figure));
    key.textContent = figure;
    return key;
  }

  function type(next: string): void {
    if (!isOpen || next.length > longest) return;
    typed = next;
    draw();
  }

  function send(): void {
    const pin = typed;
    if (!isOpen || pin.length < shortest) return;
    type('');
    onEnter(pin);
  }

  function draw(): void {
    dots.textContent = '●'.repeat(typed.length);
    for (const key of keys.querySelectorAll('button')) key.disabled = !isOpen;
    enter.disabled = !isOpen || typed.length < shortest;
    erase.disabled = !isOpen || typed === '';
  }

  return {
    update(pad: ScreenView['pad'], language: Language): void {
      section.hidden = pad === null;
      isOpen = pad === 'open';
      if (!isOpen) typed = '';
      erase.textContent = labels.erase[language];
      enter.textContent = labels.enter[language];
      draw();
    },
  };
}
