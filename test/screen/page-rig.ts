import t, { type Test } from 'tap';
import { chromiumPath, openBrowser } from '../../scripts/test/browser.js';
import type { State } from '../../src/circulation/state.js';
import { silentLog } from '../../src/kernel/log.js';
import type { ViewContext } from '../../src/screen/context.js';
import type { ScreenIntent } from '../../src/screen/intent.js';
import { createScreen } from '../../src/screen/server.js';
import { viewOf } from '../../src/screen/view.js';
import { contextAt, quietState } from './fixture.js';

const screens = { portrait: [1080, 1920], landscape: [1280, 800], phone: [390, 844] } as const;

/** What the page’s voice would say, recorded by a voice of the test’s own: the browser here has none. */
function installVoice(): void {
  const said: string[] = [];
  const voices = [{ lang: 'zh-CN' }, { lang: 'en-GB' }];
  const synthesis = {
    getVoices: () => voices,
    cancel: () => undefined,
    speak: ({ text }: { text: string }) => said.push(text),
    addEventListener: () => undefined,
  };
  class Utterance {
    constructor(readonly text: string) {}
  }
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance });
  Object.defineProperty(window, 'said', { value: said });
}

/** A page in Chromium before a kiosk that is idle; `show` gives it another state. */
export async function open(t: Test, size: keyof typeof screens = 'portrait') {
  const intents: ScreenIntent[] = [];
  const errors: string[] = [];
  const make = (port: number) =>
    createScreen({
      port,
      host: '127.0.0.1',
      log: silentLog,
      onIntent: (intent) => intents.push(intent),
    });
  const screen = make(0);
  t.teardown(() => screen.close());
  const { url } = await screen.start();
  const show = (state: State, change: Partial<ViewContext> = {}) =>
    screen.show(viewOf(state, { ...contextAt(), ...change }));
  show(quietState());
  const [width, height] = screens[size];
  if (!browser) throw new Error('no browser');
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  t.teardown(() => context.close());
  const page = await context.newPage();
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
  await page.addInitScript(installVoice);
  await page.goto(url);
  await page.waitForSelector('.niche');
  return { page, screen, show, intents, errors, url, again: () => make(Number(new URL(url).port)) };
}

/** One Chromium for every test of the page; null where there is none. */
export const browser = chromiumPath === undefined ? null : await openBrowser(chromiumPath);
t.teardown(() => browser?.close());
/** What each of them needs. */
export const needs = { skip: browser ? false : 'Chromium is not installed' };
