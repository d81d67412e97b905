import QRCode from 'qrcode';

/** A reader needs four light modules around a code. */
const quietModules = 4;

/** A QR code as the page draws it: one path over `sizeModules` by `sizeModules` units, without its quiet zone. */
export interface Qr {
  readonly sizeModules: number;
  /** SVG path data of the dark modules. */
  readonly path: string;
}

/** The QR code of `text` as an SVG file, with its quiet zone. */
export function qrSvg(text: string): Promise<string> {
  return QRCode.toString(text, { type: 'svg', errorCorrectionLevel: 'M', margin: quietModules });
}

/** The QR code of `text`. Throws when it is longer than a code can hold (3 391 characters of Base45). */
export function qrOf(text: string): Qr {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const { size, data } = modules;
  let path = '';
  for (let row = 0; row < size; row++) {
    for (let from = 0; from < size; from++) {
      if (!data[row * size + from]) continue;
      let to = from + 1;
      while (to < size && data[row * size + to]) to += 1;
      path += `M${from} ${row}h${to - from}v1H${from}z`;
      from = to;
    }
  }
  return { sizeModules: size, path };
}
