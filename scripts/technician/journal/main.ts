/** `npm run journal`: looks after the journal of a kiosk that is stopped. */
import { Fault } from '../../../src/kernel/faults.js';
import { explainFault } from '../support/explain.js';
import { runCommand } from './commands.js';

const usage = `先停下书亭程序。Stop the kiosk first.

npm run journal -- check FILE                检查 what is wrong with it
npm run journal -- backup FILE --to FOLDER   备份 a copy on a second medium
npm run journal -- restore FILE --from FOLDER
                                             恢复 the newest good copy
npm run journal -- compact FILE [--days N]   整理 put events older than N days away
npm run journal -- repair FILE               修复 make the best of a damaged one

FILE is journal.db in the data folder 数据目录里的 journal.db
`;

async function main(): Promise<void> {
  const outcome = await runCommand(process.argv.slice(2));
  if (outcome === null) throw new TypeError('');
  process.stdout.write(outcome.text);
  if (!outcome.isGood) process.exitCode = 1;
}

main().catch((error: unknown) => {
  process.exitCode = 1;
  if (error instanceof Fault) process.stderr.write(explainFault(error));
  else if (error instanceof TypeError) {
    process.stderr.write(`${error.message}\n\n${usage}`.trimStart());
    process.exitCode = 2;
  } else throw error;
});
