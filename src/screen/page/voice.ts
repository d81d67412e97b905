import type { Language } from './labels.js';

const tags: Readonly<Record<Language, string>> = { zh: 'zh', en: 'en' };

/** Reads aloud, where the machine has a voice for the language. */
export interface Voice {
  /** Whether there is a voice for `language`. */
  speaks(language: Language): boolean;
  /** Says `text` instead of whatever is being said. */
  say(text: string, language: Language): void;
  hush(): void;
}

/** The browser's voice; `onChange` is called when voices have been found. */
export function browserVoice(onChange: () => void): Voice {
  const synthesis: SpeechSynthesis | undefined = window.speechSynthesis;
  if (!synthesis) return { speaks: () => false, say: () => undefined, hush: () => undefined };
  synthesis.addEventListener?.('voiceschanged', onChange);
  const voiceFor = (language: Language) =>
    synthesis.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(tags[language]));
  return {
    speaks: (language) => voiceFor(language) !== undefined,
    say(text, language) {
      const voice = voiceFor(language);
      if (!voice) return;
      synthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = 0.9;
      synthesis.speak(utterance);
    },
    hush: () => synthesis.cancel(),
  };
}
