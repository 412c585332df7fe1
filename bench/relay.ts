/**
 * The floor: the least that a relay can do, in one process. A text frame `TO\nFROM\nTEXT` goes unchanged to the connection
 * whose path is `/TO`. `?` asks for the list: one frame with all contacts, then a frame for each that is online.
 * It also serves the bare page (`/page`), which is the floor for the browser's figures.
 *
 *     node --import tsx bench/relay.ts PORT CONTACTS
 */
import { createServer } from 'node:http';
import WebSocket, { WebSocketServer } from 'ws';
import { barePage } from './barePage';
import { noDelay, sendCorked } from './corked';

const port = Number(process.argv[2]);
const contactCount = Number(process.argv[3] ?? 0);
const contacts = Array.from({ length: contactCount }, (_, index) => `c${index}`);
const online = new Map<string, WebSocket>();

const http = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
  response.end(barePage);
});
const server = new WebSocketServer({ server: http, perMessageDeflate: false, skipUTF8Validation: true });

server.on('connection', (ws, request) => {
  const name = (request.url ?? '/').slice(1);
  noDelay(ws);
  online.set(name, ws);
  ws.on('error', () => ws.terminate());
  ws.on('close', () => {
    if (online.get(name) === ws) online.delete(name);
  });
  ws.on('message', (data: Buffer) => {
    if (data[0] === 0x3f) return sendList(ws);
    const target = online.get(data.toString('latin1', 0, data.indexOf(10)));
    if (target?.readyState === WebSocket.OPEN) sendCorked(target, data);
  });
});

function sendList(ws: WebSocket): void {
  sendCorked(ws, `L\n\n${contacts.map((name) => `${name} Contact ${name}`).join(';')}`);
  for (const name of contacts) sendCorked(ws, `P\n${name}\navailable`);
}

http.listen(port, '127.0.0.1', () => process.send?.('listening'));
