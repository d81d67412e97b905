import type { Language } from './labels.js';

const tags: Readonly<Record<Language, string>> = { zh: 'zh', en: 'en' };

/** Speaks text, where the machine has a voice for the language. */
export interface Voice {
  hasVoiceFor(language: Language): boolean;
  /** Speaks `text`; what is being spoken is cut off. */
  speak(text: string, language: Language): void;
  stop(): void;
}

/** The browser's voice; `onChange` is called when its voices have changed. */
export function browserVoice(onChange: () => void): Voice {
  const synthesis: SpeechSynthesis | undefined = window.speechSynthesis;
  if (!synthesis) return { hasVoiceFor: () => false, speak: () => undefined, stop: () => undefined };
  synthesis.addEventListener?.('voiceschanged', onChange);
  const voiceFor = (language: Language) =>
    synthesis.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(tags[language]));
  return {
    hasVoiceFor: (language) => voiceFor(language) !== undefined,
    speak(text, language) {
      const voice = voiceFor(language);
      if (!voice) return;
      synthesis.cancel();
      const utterance = new SpeechSynthesisUtterance(text);
      utterance.voice = voice;
      utterance.lang = voice.lang;
      utterance.rate = 0.9;
      synthesis.speak(utterance);
    },
    stop: () => synthesis.cancel(),
  };
}
