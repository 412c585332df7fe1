import { connect as connectTcp, createServer, type Server, type Socket } from 'node:net';
import { FrameReader } from './frames';

/** One SIP message as it passed on the wire, seen by neither end's own code. */
export interface WireMessage {
  direction: 'out' | 'in';
  text: string;
}

/**
 * The network between one person's browser and the home server: a TCP proxy that notes every SIP message inside the
 * WebSockets and can be cut, as a cable is.
 */
export class Wire {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #browsers = new Set<Socket>();
  readonly messages: WireMessage[] = [];
  #isCut = false;

  private constructor(targetPort: number) {
    this.#server = createServer((browser) => this.#join(browser, targetPort));
  }

  static async open(targetPort: number): Promise<Wire> {
    const wire = new Wire(targetPort);
    await new Promise<void>((resolve) => wire.#server.listen(0, '127.0.0.1', resolve));
    return wire;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  get url(): string {
    return `http://localhost:${this.port}`;
  }

  #join(browser: Socket, targetPort: number): void {
    if (this.#isCut) {
      browser.destroy();
      return;
    }
    const home = connectTcp(targetPort, '127.0.0.1');
    this.#browsers.add(browser);
    browser.on('close', () => this.#browsers.delete(browser));
    const readers = { out: new FrameReader(), in: new FrameReader() };
    this.#pass(browser, home, 'out', readers.out);
    this.#pass(home, browser, 'in', readers.in);
  }

  #pass(from: Socket, to: Socket, direction: WireMessage['direction'], reader: FrameReader): void {
    this.#sockets.add(from);
    from.setNoDelay(true);
    from.on('data', (bytes) => {
      for (const text of reader.read(bytes)) {
        if (text.trim() !== '') this.messages.push({ direction, text });
      }
      to.write(bytes);
    });
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }

  /** What the browser sends from now on waits for `letGo`. */
  hold(): void {
    for (const browser of this.#browsers) browser.pause();
  }

  letGo(): void {
    for (const browser of this.#browsers) browser.resume();
  }

  /** Every connection breaks and none can be made. */
  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /**
   * One line a message: `> INVITE sip:bob@contoso.example` for what the browser sent, `< 200 INVITE` for what it got.
   * Only messages of these methods, when given.
   */
  ladder(...methods: string[]): string[] {
    return this.messages
      .map(({ direction, text }) => ({ direction, ...summaryOf(text) }))
      .filter(({ method }) => methods.length === 0 || methods.includes(method))
      .map(({ direction, line }) => `${direction === 'out' ? '>' : '<'} ${line}`);
  }

  /** The requests among them that name one of these in their first line, with ids that differ each time left out. */
  requests(...texts: string[]): string[] {
    return this.ladder()
      .filter((line) => !/^[<>] \d/.test(line) && texts.some((text) => line.includes(text)))
      .map((line) => line.replace(/:id:[A-Z0-9]+/, ':id:ID').replace(/:epid:[^;]+/, ':epid:EPID'));
  }

  /** The first message that has all these texts in it. */
  find(...texts: string[]): WireMessage | undefined {
    return this.messages.find(({ text }) => texts.every((wanted) => text.includes(wanted)));
  }
}

function summaryOf(text: string): { method: string; line: string } {
  const startLine = text.slice(0, text.indexOf('\r\n'));
  if (startLine.startsWith('SIP/2.0 ')) {
    const method = /^CSeq:\s*\d+\s+(\S+)/im.exec(text)?.[1] ?? '?';
    return { method, line: `${startLine.slice(8, 11)} ${method}` };
  }
  const [method = '?', uri = ''] = startLine.split(' ');
  return { method, line: `${method} ${uri}` };
}
