import type { Socket } from 'node:net';

/** A reader this far behind is given up. */
export const longestQueue = 16 * 1024 * 1024;

/** Everything written to a socket in one turn of the event loop leaves in one system call. */
export function cork(socket: Socket): void {
  if (socket.writableCorked > 0) return;
  socket.cork();
  process.nextTick(() => socket.uncork());
}
