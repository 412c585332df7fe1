import type { Socket } from 'node:net';
import type WebSocket from 'ws';

/** The TCP socket under a `ws` connection (a private member, steady for ten years). */
function socketOf(ws: WebSocket): Socket {
  return (ws as unknown as { _socket: Socket })._socket;
}

/** Sends a text frame; everything sent in one turn of the event loop leaves in one system call. */
export function sendCorked(ws: WebSocket, data: string | Buffer): void {
  if (ws.readyState !== 1) return;
  const socket = socketOf(ws);
  if (socket.writableCorked === 0) {
    socket.cork();
    process.nextTick(() => socket.uncork());
  }
  ws.send(data, { binary: false });
}

export function noDelay(ws: WebSocket): void {
  socketOf(ws).setNoDelay(true);
}
