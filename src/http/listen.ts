import { once } from 'node:events';
import type { Server } from 'node:http';
import { Fault } from '../kernel/faults.js';

/** Listens there; `port` 0 takes any free one. Resolves with the port; rejects with `screen.port-taken`. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        error.code === 'EADDRINUSE'
          ? new Fault('screen.port-taken', `port ${port} of ${host} is used by another program`, {
              cause: error,
            })
          : error,
      );
    server.once('error', failed);
    server.listen(port, host, () => {
      server.off('error', failed);
      const address = server.address();
      resolve(address && typeof address === 'object' ? address.port : port);
    });
  });
}

/** Stops listening, and ends every connection. */
export async function closeServer(server: Server): Promise<void> {
  if (!server.listening) return;
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}
