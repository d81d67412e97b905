/**
 * The real catalogue as a program of its own. `node drain/catalogue.js FILE BROKER KEY`: says `ready`; with the public
 * key of the kiosk in the file KEY.
 */
import { readFileSync } from 'node:fs';
import { createCatalogue } from '../../../../src/catalogue/catalogue.js';
import { silentLog } from '../../../../src/kernel/log.js';
import { kiosk, street } from '../journal-past.js';

const [file = '', url = '', keyFile = ''] = process.argv.slice(2);
const catalogue = createCatalogue({ file, url, street, log: silentLog });
catalogue.enrol(kiosk, readFileSync(keyFile, 'utf8'));
await catalogue.start();
process.stdout.write('ready\n');
process.on('SIGTERM', () => catalogue.close().then(() => process.exit(0), process.exit));
