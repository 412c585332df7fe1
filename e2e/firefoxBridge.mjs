#!/usr/bin/env node
// Stands between Playwright and a stock Firefox (CONFAB_FIREFOX), which speak WebDriver BiDi with each other: Playwright sets
// how a page shall see the screen (dark, print, ...) by commands that Debian's Firefox ESR does not know yet, and gives up. Here
// those are answered as done. Everything else passes as it is.
import { spawn } from 'node:child_process';
import { WebSocket, WebSocketServer } from 'ws';

const firefox = spawn(process.env.CONFAB_FIREFOX ?? 'firefox-esr', process.argv.slice(2), {
  stdio: ['ignore', 'inherit', 'pipe'],
});
firefox.once('error', (error) => {
  process.stderr.write(`Cannot run Firefox: ${error.message}\n`);
  process.exit(1);
});
firefox.once('exit', (code) => process.exit(code ?? 1));
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => firefox.kill(signal));

let rest = '';
firefox.stderr.on('data', (bytes) => {
  const lines = (rest + bytes).split('\n');
  rest = lines.pop() ?? '';
  for (const line of lines) {
    const url = /^WebDriver BiDi listening on (ws:\/\/\S+)$/.exec(line)?.[1];
    if (url === undefined) process.stderr.write(`${line}\n`);
    else listen(url);
  }
});

/** Listens where Playwright is told that Firefox does. */
function listen(url) {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0 }, () => {
    process.stderr.write(`WebDriver BiDi listening on ws://127.0.0.1:${server.address().port}\n`);
  });
  server.on('connection', (playwright, request) => join(playwright, new WebSocket(url + request.url)));
}

function join(playwright, browser) {
  const asked = new Map();
  const early = [];
  playwright.on('message', (data) => {
    const { id, method } = JSON.parse(data.toString());
    asked.set(id, method);
    if (browser.readyState === WebSocket.OPEN) browser.send(data.toString());
    else early.push(data.toString());
  });
  browser.on('open', () => {
    for (const text of early) browser.send(text);
  });
  browser.on('message', (data) => playwright.send(passed(data.toString(), asked)));
  playwright.on('close', () => browser.close());
  browser.on('close', () => playwright.close());
  browser.on('error', () => playwright.close());
}

function passed(text, asked) {
  const { id, error } = JSON.parse(text);
  const method = asked.get(id) ?? '';
  asked.delete(id);
  const isUnknown = error === 'unknown command' && method.startsWith('emulation.');
  return isUnknown ? JSON.stringify({ type: 'success', id, result: {} }) : text;
}
