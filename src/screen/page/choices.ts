import type { ChoiceGroup } from '../choices.js';
import type { Language } from './labels.js';
import { button, make } from './make.js';
import { post } from './wire.js';

/** The buttons that a view offers, in groups. They are built anew only when they are others than before. */
export function createChoices(section: HTMLElement) {
  let drawn = '';
  return {
    update(groups: readonly ChoiceGroup[], language: Language): void {
      section.hidden = groups.length === 0;
      const wanted = JSON.stringify([groups, language]);
      if (wanted === drawn) return;
      drawn = wanted;
      section.replaceChildren(...groups.map((group) => groupOf(group, language)));
    },
  };
}

function groupOf({ question, choices }: ChoiceGroup, language: Language): HTMLElement {
  const group = make('div', 'group');
  group.setAttribute('role', 'group');
  if (question) {
    group.setAttribute('aria-label', question[language]);
    group.append(make('p', 'question', question[language]));
  }
  for (const { words, intent, look } of choices)
    group.append(button(`choice ${look}`, () => post(intent), words[language]));
  return group;
}
