import type { CheckKind } from '../check-kind.js';

/** A command is carried out once, in its time, and if it is sent again its result is sent again. */
export const commandsRunOnce: CheckKind = {
  name: 'commands-run-once',
  promises: [5],
  create(_world, fail) {
    const taken = new Map<string, string>();
    return {
      decided({ input, decision, moment }) {
        if (input.kind !== 'command-received') return;
        const { command, expiresAt } = input.command;
        const before = taken.get(command);
        if (before !== undefined && decision.events.length > 0)
          fail(`command ${command} is carried out again`);
        const isTaken = decision.events.some(({ type }) => type === 'command-taken');
        if (isTaken && expiresAt <= moment.calendarMs)
          fail(`command ${command} is taken when its time is over`);
        const [answer] = decision.effects.flatMap((effect) =>
          effect.kind === 'answer' ? [effect.answer] : [],
        );
        if (answer === undefined) fail(`command ${command} is not answered`);
        if (before !== undefined && answer !== before && before !== 'accepted')
          fail(`command ${command} was ${before}, and is said to be ${answer}`);
      },
      recorded(event) {
        if (event.type === 'command-taken' || event.type === 'command-settled')
          taken.set(event.command, event.answer);
      },
    };
  },
};
