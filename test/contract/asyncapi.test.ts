import { Parser } from '@asyncapi/parser';
import t from 'tap';
import { contractText } from '../support/contract.js';

t.test('AsyncAPI’s own parser finds nothing wrong with the document', async (t) => {
  const { document, diagnostics } = await new Parser().parse(contractText);
  t.strictSame(
    diagnostics.map(({ code, message, path }) => `${code} ${path.join('.')}: ${message}`),
    [],
  );
  t.equal(document?.version(), '3.1.0');
  t.ok((document?.channels().length ?? 0) > 15);
});
