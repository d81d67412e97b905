import t from 'tap';
import { openAvr8jsBoard } from './avr8js-board.js';
import { boardSuite } from './board-suite.js';

await boardSuite(t, openAvr8jsBoard);
