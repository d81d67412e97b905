import type { Qr } from '../../display/qr.js';
import { type Language, labels } from './labels.js';
import { make } from './make.js';

const svg = 'http://www.w3.org/2000/svg';
/** A reader needs four light modules around a code. */
const quietModules = 4;

/** The receipt of a return: its code, and what it is good for. */
export function createReceipt(figure: HTMLElement) {
  let drawn = '';
  return {
    update(receipt: Qr | null, language: Language): void {
      figure.hidden = receipt === null;
      const wanted = receipt ? language + receipt.path : '';
      if (wanted === drawn) return;
      drawn = wanted;
      figure.replaceChildren(
        ...(receipt ? [codeOf(receipt), make('figcaption', '', labels.receipt[language])] : []),
      );
    },
  };
}

function codeOf({ sizeModules, path }: Qr): SVGElement {
  const code = document.createElementNS(svg, 'svg');
  const size = sizeModules + 2 * quietModules;
  code.setAttribute('viewBox', `${-quietModules} ${-quietModules} ${size} ${size}`);
  code.setAttribute('shape-rendering', 'crispEdges');
  code.setAttribute('aria-hidden', 'true');
  const modules = document.createElementNS(svg, 'path');
  modules.setAttribute('d', path);
  code.append(modules);
  return code;
}
