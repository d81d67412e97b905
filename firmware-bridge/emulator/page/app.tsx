import { Component, Fragment, h, render } from '/preact.js';
import type { CabinetSnapshot } from '../snapshot.js';
import { follow, hands } from './hands.js';
import { Locker } from './lockers.js';
import { Both } from './parts.js';
import { People } from './people.js';
import { Table } from './table.js';
import { type Words, words } from './words.js';

/** What is printed as a QR on the doors of the demonstration's kiosk, before the door's two digits. */
const doorCode = 'LNL:JN-01:';
const beamMs = 900;
const nothing: CabinetSnapshot = { lockers: [], hand: [], boards: [], props: { people: [], items: [] } };

interface PageState {
  readonly snapshot: CabinetSnapshot;
  /** The book the visitor holds, if any. */
  readonly inHand: string | null;
  /** The locker whose door code is selected; null: the first one. */
  readonly coded: number | null;
  readonly readerSays: Words;
  readonly beam: 'off' | 'on' | 'refused' | undefined;
  readonly isLost: boolean;
}

const Banner = ({ isLost }: Pick<PageState, 'isLost'>) => (
  <header class="banner">
    <p class="stand-in">
      <Both {...words.standIn} />
    </p>
    <p class="hint">
      <Both {...words.screenHint} />
    </p>
    <p class="lost" role="alert" hidden={!isLost}>
      <Both {...words.lost} />
    </p>
  </header>
);

const Reader = ({ says, beam }: Pick<PageState, 'beam'> & { readonly says: Words }) => (
  <section class="reader" data-beam={beam} aria-label="扫码器 Reader">
    <div class="device" aria-hidden="true">
      <span class="window">
        <span class="beam" />
      </span>
    </div>
    <div>
      <h2>
        <Both {...words.reader} />
      </h2>
      <p role="status">
        <Both {...says} />
      </p>
    </div>
  </section>
);

class CabinetPage extends Component<object, PageState> {
  override state: PageState = {
    snapshot: nothing,
    inHand: null,
    coded: null,
    readerSays: words.readerHint,
    beam: undefined,
    isLost: false,
  };
  #beamTimer = 0;

  override componentDidMount(): void {
    follow(
      (snapshot) =>
        this.setState(({ inHand }) => ({
          snapshot,
          inHand: inHand !== null && snapshot.hand.includes(inHand) ? inHand : null,
        })),
      (isLost) => this.setState({ isLost }),
    );
  }

  /** Holds a code to the reader. */
  readonly #scan = async (text: string, what: Words): Promise<void> => {
    const refusal = await hands.scan({ text });
    const { zh, en } = refusal ?? words.scanned;
    this.setState({
      readerSays: { zh: `${zh}：${what.zh}`, en: `${en}: ${what.en}` },
      beam: refusal ? 'refused' : 'on',
    });
    clearTimeout(this.#beamTimer);
    this.#beamTimer = window.setTimeout(() => this.setState({ beam: 'off' }), beamMs);
  };

  override render() {
    const { snapshot, inHand, readerSays, beam, isLost } = this.state;
    const { lockers, boards, hand, props } = snapshot;
    const items = new Map(props.items.map((item) => [item.item, item]));
    return (
      <>
        <Banner isLost={isLost} />
        <main>
          <section class="cabinet" aria-label="书柜 Cabinet">
            <div class="sign" aria-hidden="true">
              <span class="seal">乐宁</span>乐宁书庭
              <span id="boards">
                {boards.map(({ board, running, plugged }) => (
                  <i key={board} data-on={running && plugged} title={board} />
                ))}
              </span>
            </div>
            <ol class="lockers">
              {lockers.map((locker) => (
                <Locker key={locker.locker} locker={locker} items={items} inHand={inHand} />
              ))}
            </ol>
            <div class="plinth" aria-hidden="true" />
          </section>
          <Table
            hand={hand}
            items={items}
            inHand={inHand}
            onPick={(item) => this.setState({ inHand: item })}
            onScan={this.#scan}
          />
          <div class="side">
            <Reader says={readerSays} beam={beam} />
            <People people={props.people} onScan={this.#scan} />
            {this.#doorCodes()}
          </div>
        </main>
      </>
    );
  }

  #doorCodes() {
    const { lockers } = this.state.snapshot;
    const coded = this.state.coded ?? lockers[0]?.locker ?? 0;
    const code = String(coded).padStart(2, '0');
    const { zh, en } = words.doorCode;
    return (
      <section class="code">
        <h2>
          <label for="locker-code">柜门上的码</label> <span lang="en">Code on a door</span>
        </h2>
        <p>
          <select
            id="locker-code"
            value={coded}
            onChange={({ currentTarget }) => this.setState({ coded: Number(currentTarget.value) })}
          >
            {lockers.map(({ locker }) => (
              <option key={locker} value={locker}>
                {locker} 号 No. {locker}
              </option>
            ))}
          </select>{' '}
          <button
            type="button"
            onClick={() => this.#scan(`${doorCode}${code}`, { zh: `${zh} ${code}`, en: `${en} ${code}` })}
          >
            <Both {...words.scanIt} />
          </button>
        </p>
      </section>
    );
  }
}

render(<CabinetPage />, document.body);
