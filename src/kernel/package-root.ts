/** The repository's folder as a file URL, from the compiled place of this file (`dist/src/kernel/`). */
export const packageRoot = new URL('../../../', import.meta.url);
