import t from 'tap';
import { boardSuite } from './board-suite.js';
import { openSimavrBoard } from './simavr-board.js';

await boardSuite(t, openSimavrBoard);
