import t from 'tap';
import { openBrowser } from '../../scripts/test/browser.js';
import type { State } from '../../src/circulation/state.js';
import { silentLog } from '../../src/kernel/log.js';
import type { ViewContext } from '../../src/screen/context.js';
import type { ScreenIntent } from '../../src/screen/intent.js';
import { createScreen } from '../../src/screen/server.js';
import { viewOf } from '../../src/screen/view.js';
import { until } from '../support/until.js';
import { contextAt, quietState } from './fixture.js';
import { asking } from './visits.js';

/** The screens of the two kinds of cabinet, and a phone, in CSS pixels. */
export const screenSizes = {
  portrait: { width: 1080, height: 1920 },
  landscape: { width: 1280, height: 800 },
  phone: { width: 390, height: 844 },
} as const;

/** Records what the page speaks: headless Chromium has no voice. */
function installVoice(): void {
  const spoken: string[] = [];
  const voices = [{ lang: 'zh-CN' }, { lang: 'en-GB' }];
  const synthesis = {
    getVoices: () => voices,
    cancel: () => undefined,
    speak: ({ text }: { text: string }) => spoken.push(text),
    addEventListener: () => undefined,
  };
  class Utterance {
    constructor(readonly text: string) {}
  }
  Object.defineProperty(window, 'speechSynthesis', { value: synthesis });
  Object.defineProperty(window, 'SpeechSynthesisUtterance', { value: Utterance });
  Object.defineProperty(window, 'spoken', { value: spoken });
}

const intents: ScreenIntent[] = [];
const errors: string[] = [];
const startServer = async (port: number) => {
  const server = createScreen({
    port,
    host: '127.0.0.1',
    log: silentLog,
    onIntent: (intent) => intents.push(intent),
  });
  return { server, url: new URL((await server.start()).url) };
};
let { server, url } = await startServer(0);
const browser = await openBrowser();
t.teardown(() => browser.close());
t.teardown(() => server.close());
const page = await browser.newPage({ viewport: screenSizes.portrait, reducedMotion: 'reduce' });
page.on('pageerror', (error) => errors.push(error.message));
page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
await page.addInitScript(installVoice);

/** Shows a state; the page follows by itself. */
function show(state: State, change: Partial<ViewContext> = {}): void {
  server.show(viewOf(state, { ...contextAt(), ...change }));
}

async function showPhase(state: State): Promise<void> {
  show(state);
  await page.locator(`body[data-phase="${state.visit.kind}"]`).waitFor();
}

await Promise.all([page.goto(url.href), showPhase(quietState())]);

/**
 * The one page of a test file in Chromium, before an idle kiosk and as a new resident finds it: a visit that ended has
 * reset whatever the test before has left.
 */
export async function openPage(size: keyof typeof screenSizes = 'portrait') {
  await page.setViewportSize(screenSizes[size]);
  await showPhase(asking);
  await showPhase(quietState());
  await page.evaluate(() => {
    (Reflect.get(window, 'spoken') as string[]).length = 0;
  });
  intents.length = 0;
  return {
    page,
    show,
    intents,
    /** What the page reported as errors since the file began. */
    errors,
    button: (name: string | RegExp) => page.getByRole('button', { name, exact: true }),
    /** What the page has spoken. */
    spoken: () => page.evaluate(() => Reflect.get(window, 'spoken') as string[]),
    /** Runs `touch` and waits for the intent that it posts. */
    async posts(touch: () => Promise<void>): Promise<ScreenIntent | undefined> {
      const before = intents.length;
      await touch();
      await until(() => intents.length > before, 'the page posts an intent');
      return intents.at(-1);
    },
    stopServer: () => server.close(),
    /** Starts the server again at the same address. */
    async restartServer(): Promise<void> {
      ({ server, url } = await startServer(Number(url.port)));
    },
  };
}
