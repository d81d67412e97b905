import { h } from '/preact.js';
import type { PersonProp } from '../snapshot.js';
import { Both } from './parts.js';
import { type Words, words } from './words.js';

interface PeopleProps {
  readonly people: readonly PersonProp[];
  readonly onScan: (text: string, what: Words) => void;
}

/** The people with the codes they can hold to the reader; the last one has a forged pass. */
export function People({ people, onScan }: PeopleProps) {
  const genuine = people[0]?.codes[0]?.text;
  return (
    <section>
      <h2>
        <Both {...words.people} />
      </h2>
      <ul class="people">
        {people.map(({ name, label, codes }) => (
          <li key={name} class="person">
            <span class="who">
              <b>{name}</b>
              <small>{label}</small>
            </span>
            {codes.map(({ text, zh, en }, at) => (
              <button
                key={text}
                type="button"
                class={at === 0 ? 'prop pass' : 'prop card'}
                onClick={() => onScan(text, { zh: `${name}的${zh}`, en: `${en} of ${name}` })}
              >
                <Both zh={zh} en={en} />
              </button>
            ))}
          </li>
        ))}
        {genuine !== undefined && (
          <li class="person forger">
            <span class="who">
              <b>？</b>
              <small>
                <Both {...words.forgedWhy} />
              </small>
            </span>
            <button
              type="button"
              class="prop pass"
              onClick={() => onScan(tamperedWith(genuine), words.forged)}
            >
              <Both {...words.forged} />
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

/** `pass` with one character of its signature changed so that it stays readable; the signature does not fit any more. */
function tamperedWith(pass: string): string {
  const at = [...pass].findLastIndex(
    (character, i) => i < pass.length - 12 && character > '0' && character <= 'Z',
  );
  const lower = pass.charAt(at) === '1' ? '0' : '1';
  return `${pass.slice(0, at)}${lower}${pass.slice(at + 1)}`;
}
