import { Component, h } from '/preact.js';
import { type Language, labels } from './labels.js';
import { post } from './wire.js';

const minDigits = 4;
const maxDigits = 8;

interface KeypadProps {
  /** Whether digits are accepted; false while a PIN is being checked. */
  readonly isOpen: boolean;
  readonly language: Language;
}

interface KeypadState {
  readonly pin: string;
}

/**
 * The keypad for a card’s PIN. The digits stay in here until they are posted, are shown as dots only, and are deleted as
 * soon as the keypad is locked or gone.
 */
export class Keypad extends Component<KeypadProps, KeypadState> {
  override state: KeypadState = { pin: '' };

  static override getDerivedStateFromProps({ isOpen }: KeypadProps): KeypadState | null {
    return isOpen ? null : { pin: '' };
  }

  #change(edit: (pin: string) => string): void {
    this.setState(({ pin }) => ({ pin: edit(pin).slice(0, maxDigits) }));
  }

  #enter(): void {
    post({ kind: 'enter-pin', pin: this.state.pin });
    this.#change(() => '');
  }

  override render() {
    const { isOpen, language } = this.props;
    const { length } = this.state.pin;
    const digit = (figure: string) => (
      <button
        type="button"
        class="key"
        disabled={!isOpen}
        onClick={() => this.#change((pin) => pin + figure)}
      >
        {figure}
      </button>
    );
    return (
      <section class="pad">
        <p class="dots">{'●'.repeat(length)}</p>
        <div class="keys">
          {[...'123456789'].map(digit)}
          <button
            type="button"
            class="key word"
            disabled={!isOpen || length === 0}
            onClick={() => this.#change((pin) => pin.slice(0, -1))}
          >
            {labels.erase[language]}
          </button>
          {digit('0')}
          <button
            type="button"
            class="key word enter"
            disabled={!isOpen || length < minDigits}
            onClick={() => this.#enter()}
          >
            {labels.enter[language]}
          </button>
        </div>
      </section>
    );
  }
}
