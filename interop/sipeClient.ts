import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream, type WriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** What the probe tells (interop/sipe/README.md). */
interface Events {
  ready: { purple: string; sipe: string };
  'signed-on': { user: string };
  'signed-off': { user: string };
  'connection-error': { reason: string; text: string };
  'im-received': { from: string; text: string; html: string };
  typing: { from: string; state: 'typing' | 'typed' | 'stopped' };
  'chat-invited': { focus?: string };
  'chat-joined': { chat: string };
  'chat-left': { chat: string };
  'chat-message': { chat: string; from: string; text: string; html: string; self: boolean };
  notice: { kind: 'system' | 'error'; conversation: string; text: string };
  notify: { kind: string; primary?: string; secondary?: string };
  blocked: { what: string; address: string };
  sip: { dir: 'in' | 'out'; first: string; message: string };
}
type Name = keyof Events;
/** `ms` since it was started. */
type Told<N extends Name> = Events[N] & { event: N; ms: number };

interface Reply {
  event: 'reply';
  id?: string;
  ok: boolean;
  error?: string;
}

export interface Buddy {
  name: string;
  group: string;
  /** The display name from the contact card. */
  server_alias?: string;
  status: string;
  online: boolean;
  /** Status and note, as SIPE words them. */
  status_text?: string;
}

export type SipeStatus = 'available' | 'busy' | 'do-not-disturb' | 'be-right-back' | 'away' | 'invisible';

export interface SipeOptions {
  /** The built probe. */
  probe: string;
  /** What errors call it. */
  name: string;
  address: string;
  server: { sip: number; sips: number };
  /** A second device of the same person has another one. */
  localIp?: string;
  /** Where its log and events go: `FILE.log` and `FILE.jsonl`; nowhere when not given. */
  logFile?: string;
}

const patienceMs = 15_000;

/** One pidgin-sipe process: commands go in, what happens comes out as events that are kept. */
export class SipeClient {
  readonly name: string;
  readonly address: string;
  readonly #server: SipeOptions['server'];
  readonly #child: ChildProcess;
  readonly #events: { event: string }[] = [];
  readonly #replies = new Map<string, (reply: Reply) => void>();
  readonly #watchers = new Set<() => void>();
  readonly #record: WriteStream | null;
  #commands = 0;
  #ended: string | null = null;

  private constructor(options: SipeOptions) {
    this.name = options.name;
    this.address = options.address;
    this.#server = options.server;
    const { logFile } = options;
    this.#record = logFile === undefined ? null : createWriteStream(`${logFile}.jsonl`);
    const args = ['--sip-events', ...(logFile === undefined ? ['--no-log'] : [])];
    if (options.localIp !== undefined) args.push('--local-ip', options.localIp);
    this.#child = spawn(options.probe, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    if (logFile === undefined) this.#child.stderr?.resume();
    else this.#child.stderr?.pipe(createWriteStream(`${logFile}.log`));
    this.#child.stdin?.on('error', () => undefined);
    if (this.#child.stdout !== null) createInterface(this.#child.stdout).on('line', (line) => this.#take(line));
    this.#child.once('exit', (code, signal) => this.#over(`ended by ${signal ?? `itself, with ${code}`}`));
    this.#child.once('error', (error) => this.#over(error.message));
  }

  static async start(options: SipeOptions): Promise<SipeClient> {
    const client = new SipeClient(options);
    await client.expect('ready');
    return client;
  }

  get uri(): string {
    return `sip:${this.address}`;
  }

  #over(why: string): void {
    this.#ended = why;
    for (const look of [...this.#watchers]) look();
    for (const [id, settle] of [...this.#replies])
      settle({ event: 'reply', id, ok: false, error: `the process ${why}` });
    this.#record?.end();
  }

  #take(line: string): void {
    this.#record?.write(`${line}\n`);
    const told = JSON.parse(line) as { event: string };
    if (told.event === 'reply') {
      const reply = told as Reply;
      this.#replies.get(reply.id ?? '')?.(reply);
      return;
    }
    this.#events.push(told);
    for (const look of [...this.#watchers]) look();
  }

  // ---- What happened ----------------------------------------------------------------------------------------------------

  /** Now, for `expect` and `told`: what comes from here on. */
  get now(): number {
    return this.#events.length;
  }

  /** What it told of one kind, from the beginning or from a moment on. */
  told<N extends Name>(event: N, since = 0): Told<N>[] {
    return this.#events.slice(since).filter((one) => one.event === event) as Told<N>[];
  }

  /** The first event of this kind that fits, from the beginning or from a moment on; waits for it. */
  expect<N extends Name>(
    event: N,
    fits: (told: Told<N>) => boolean = () => true,
    { since = 0, within = patienceMs }: { since?: number; within?: number } = {},
  ): Promise<Told<N>> {
    return new Promise((resolve, reject) => {
      const settle = (run: () => void) => {
        clearTimeout(timer);
        this.#watchers.delete(look);
        run();
      };
      const look = () => {
        const found = this.told(event, since).find(fits);
        if (found !== undefined) settle(() => resolve(found));
        else if (this.#ended !== null) settle(() => reject(new Error(`${this.name}: the process ${this.#ended}`)));
      };
      const timer = setTimeout(
        () => settle(() => reject(new Error(`${this.name}: no ${event} that fits within ${within / 1000} s`))),
        within,
      );
      this.#watchers.add(look);
      look();
    });
  }

  /** Raw SIP, as it stood on the wire. */
  sip(dir: 'in' | 'out', since = 0): string[] {
    return this.told('sip', since)
      .filter((one) => one.dir === dir)
      .map(({ message }) => message);
  }

  expectSip(dir: 'in' | 'out', ...texts: string[]): Promise<Told<'sip'>> {
    return this.expect('sip', (one) => one.dir === dir && texts.every((text) => one.message.includes(text)));
  }

  /** Waits until each MESSAGE that it has sent is answered. */
  async isAnswered(): Promise<void> {
    for (const request of this.sip('out').filter((message) => message.startsWith('MESSAGE '))) {
      await this.expect(
        'sip',
        ({ dir, message }) =>
          dir === 'in' && /^SIP\/2\.0 [2-6]/.test(message) && transactionOf(message) === transactionOf(request),
      );
    }
  }

  // ---- What to do -------------------------------------------------------------------------------------------------------

  async #do<T extends object = object>(cmd: string, args: object = {}): Promise<T> {
    this.#commands += 1;
    const id = String(this.#commands);
    const reply = await new Promise<Reply>((resolve) => {
      const timer = setTimeout(() => settle({ event: 'reply', ok: false, error: 'no reply' }), patienceMs);
      const settle = (reply: Reply) => {
        clearTimeout(timer);
        this.#replies.delete(id);
        resolve(reply);
      };
      this.#replies.set(id, settle);
      if (this.#ended !== null) settle({ event: 'reply', ok: false, error: `the process ${this.#ended}` });
      this.#child.stdin?.write(`${JSON.stringify({ ...args, cmd, id })}\n`);
    });
    if (!reply.ok) throw new Error(`${this.name}: ${cmd}: ${reply.error}`);
    return reply as unknown as T;
  }

  /** Begins to sign in; `signed-on` or `connection-error` tells how it went. */
  async startSignIn(password: string, transport: 'tcp' | 'tls' = 'tcp'): Promise<void> {
    const server = `127.0.0.1:${transport === 'tcp' ? this.#server.sip : this.#server.sips}`;
    await this.#do('signin', { user: this.address, password, server, transport, auth: 'ntlm' });
  }

  /** Signs in and waits for the contact list, and until its own status is published. */
  async signIn(password: string, transport: 'tcp' | 'tls' = 'tcp'): Promise<void> {
    const since = this.now;
    await this.startSignIn(password, transport);
    await this.expect('signed-on', undefined, { since });
    await this.expect('sip', ({ dir, message }) => dir === 'in' && message.includes('<contactList'), { since });
    const published = await this.expect(
      'sip',
      ({ dir, message }) => dir === 'out' && message.includes('msrtc-category-publish+xml'),
      { since },
    );
    const call = /^Call-ID: *(.*?)\r?$/m.exec(published.message)?.[1] ?? '';
    await this.expect('sip', ({ first, message }) => first.startsWith('SIP/2.0 200') && message.includes(call), {
      since,
    });
  }

  async signOut(): Promise<void> {
    const since = this.now;
    await this.#do('signout');
    await this.expect('signed-off', undefined, { since });
  }

  async contacts(): Promise<{ buddies: Buddy[]; groups: string[] }> {
    return this.#do('list-buddies');
  }

  async contact(address: string): Promise<Buddy | undefined> {
    const { buddies } = await this.contacts();
    return buddies.find(({ name }) => name.toLowerCase() === `sip:${address}`);
  }

  async addContact(address: string, group: string): Promise<void> {
    await this.#do('add-buddy', { name: address, group });
  }

  async removeContact(address: string): Promise<void> {
    await this.#do('remove-buddy', { name: address });
  }

  async removeGroup(group: string): Promise<void> {
    await this.#do('remove-group', { group });
  }

  /** A note is markup to Pidgin, as is what it shows of one. */
  async setStatus(status: SipeStatus, note?: string): Promise<void> {
    await this.#do('set-status', { status, ...(note === undefined ? {} : { message: escaped(note) }) });
  }

  async ownStatus(): Promise<string> {
    return (await this.#do<{ status: string }>('get-status')).status;
  }

  /** Status and note as shown beside a contact. */
  async statusText(address: string): Promise<string> {
    return unescaped((await this.contact(address))?.status_text ?? '');
  }

  async say(to: string, text: string): Promise<void> {
    await this.#do('send-im', { to, text });
  }

  async sayHtml(to: string, html: string): Promise<void> {
    await this.#do('send-im', { to, html });
  }

  async closeIm(to: string): Promise<void> {
    await this.#do('close-im', { to });
  }

  async setTyping(to: string, typing: boolean): Promise<void> {
    await this.#do('typing', { to, state: typing ? 'typing' : 'typed' });
  }

  /** "New chat" on a contact's menu. */
  async startConference(address: string): Promise<void> {
    await this.#do('start-conference', { with: address });
  }

  async joinConference(focus: string): Promise<void> {
    await this.#do('join-conference', { location: `conf:${focus}` });
  }

  async inviteToConference(address: string): Promise<void> {
    await this.#do('invite', { who: address });
  }

  async sayInConference(text: string): Promise<void> {
    await this.#do('send-chat', { text });
  }

  async leaveConference(): Promise<void> {
    await this.#do('leave');
  }

  async setLocked(locked: boolean): Promise<void> {
    await this.#do('chat-menu', { label: locked ? 'Lock' : 'Unlock' });
  }

  async makeLeader(address: string): Promise<void> {
    await this.#do('buddy-menu', { name: address, label: 'Make leader of' });
  }

  async removeFromConference(address: string): Promise<void> {
    await this.#do('buddy-menu', { name: address, label: 'Remove from' });
  }

  /** Addresses in the newest conference, sorted, leaders with a star; empty when it is in none. */
  async roster(): Promise<string[]> {
    const { chats } = await this.#do<{ chats: { left: boolean; users: { name: string; leader: boolean }[] }[] }>(
      'list-chats',
    );
    const [newest] = chats.filter(({ left }) => !left);
    const users = newest?.users ?? [];
    return users.map(({ name, leader }) => `${name.replace(/^sip:/i, '').toLowerCase()}${leader ? '*' : ''}`).sort();
  }

  /** Signs out when it is signed in, and ends the process. */
  async quit(): Promise<void> {
    if (this.#ended !== null) return;
    const exited = new Promise((resolve) => this.#child.once('exit', resolve));
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    this.#child.stdin?.end(`${JSON.stringify({ cmd: 'quit', id: 'quit' })}\n`);
    await exited;
    clearTimeout(timer);
  }
}

/** The same in a request and its answers. */
function transactionOf(message: string): string {
  return ['Call-ID', 'CSeq'].map((name) => new RegExp(`^${name}: *(.*?)\\r?$`, 'im').exec(message)?.[1]).join(' ');
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function unescaped(html: string): string {
  return html.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
}
