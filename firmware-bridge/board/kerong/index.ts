export { createKerongBoard } from './kerong-board.js';
