import { type Command, type Given, type Parsed, parseCommandLine, WrongOption } from './commandLine';
import { documentedFileOptions, type FileOptions, fileOptions } from './fileOptions';
import { isLoopback } from './http/hosts';
import { documentedMediaOptions, type MediaOptions, mediaOptions } from './mediaOptions';

export interface Options {
  host: string;
  /** Page, WebSocket, discovery; 0 takes a free one, as for the other two. */
  port: number;
  sipPort: number;
  sipsPort: number;
  /** Health, metrics and traces, on loopback; `null` opens none. */
  adminPort: number | null;
  domain: string;
  data: string;
  tlsCert: string | null;
  tlsKey: string | null;
  demo: boolean;
  allowOrigins: string[];
  maxEndpoints: number;
  /** TURN servers for media; none when empty. */
  turn: { host: string; port: number }[];
  turnSecretFile: string | null;
  media: MediaOptions;
  files: FileOptions;
  /** Messages that a client keeps of its trace; `null` leaves it to the client. */
  traceMost: number | null;
  logLevel: string;
}

const command: Command = {
  usage: ['Usage: npm start -- [OPTIONS]', '', 'Builds the page when needed and runs the Confab home server.'],
  remarks: ['People are managed with: npm run users -- --help', 'and followed live with: npm run trace -- --help'],
  prefix: 'CONFAB',
  options: [
    {
      name: 'host',
      value: 'ADDRESS',
      standard: '127.0.0.1',
      text: 'where to listen; away from loopback with TLS only',
    },
    { name: 'port', value: 'PORT', standard: '8080', text: 'the page, the WebSocket and discovery' },
    { name: 'sip-port', value: 'PORT', standard: '5060', text: 'SIP over TCP, for native clients on this computer' },
    { name: 'sips-port', value: 'PORT', standard: '5061', text: 'SIP over TLS, for native clients' },
    {
      name: 'admin-port',
      value: 'PORT',
      text: 'health, metrics and traces, for this computer only; closed when not given',
    },
    { name: 'domain', value: 'DOMAIN', standard: 'contoso.example', text: 'the SIP domain: what stands after the @' },
    { name: 'data', value: 'DIR', standard: './data', text: 'where people, contacts and conferences are kept' },
    { name: 'tls-cert', value: 'FILE', text: 'certificate chain (PEM); self-made when not given' },
    { name: 'tls-key', value: 'FILE', text: 'its private key (PEM)' },
    { name: 'no-demo', text: 'make no demo people' },
    {
      name: 'allow-origin',
      value: 'ORIGIN',
      multiple: true,
      text: 'a page of another host that may connect, e.g. https://chat.example',
    },
    { name: 'max-endpoints', value: 'NUMBER', standard: '5000', text: 'how many may be signed in at once' },
    {
      name: 'turn',
      value: 'HOST:PORT',
      multiple: true,
      text: 'a TURN server (coturn) for media that finds no direct way',
    },
    { name: 'turn-secret-file', value: 'FILE', text: 'the secret shared with it (static-auth-secret)' },
    ...documentedMediaOptions,
    ...documentedFileOptions,
    { name: 'trace-most', value: 'NUMBER', text: 'messages that a client keeps of its trace at most (else 100,000)' },
    {
      name: 'log-level',
      value: 'LEVEL',
      standard: 'warn',
      text: 'error, warn or info, as JSON lines on standard error',
    },
    { name: 'help', text: 'this text' },
  ],
};

/** Reads the command line, then the environment, then what is standard. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Parsed<Options> {
  return parseCommandLine(command, args, environment, (given) => ({
    ...listeningOptions(given),
    sipPort: given.number('sip-port', 65535),
    sipsPort: given.number('sips-port', 65535),
    adminPort: given.text('admin-port') === null ? null : given.number('admin-port', 65535),
    demo: !given.flag('no-demo'),
    maxEndpoints: given.number('max-endpoints', 1e6),
    ...turnOptions(given),
    media: mediaOptions(given),
    files: fileOptions(given),
    traceMost: given.text('trace-most') === null ? null : given.number('trace-most', 100_000),
  }));
}

function turnOptions(given: Given): Pick<Options, 'turn' | 'turnSecretFile'> {
  const turn = given
    .list('turn')
    .flatMap((text) => text.split(','))
    .filter((text) => text !== '')
    .map((text) => {
      const [, host = '', port = ''] = /^([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})$/.exec(text) ?? [];
      if (host === '' || Number(port) < 1 || Number(port) > 65535) {
        throw new WrongOption(`--turn is no HOST:PORT: ${text}`);
      }
      return { host, port: Number(port) };
    });
  const turnSecretFile = given.text('turn-secret-file');
  if ((turn.length === 0) !== (turnSecretFile === null)) {
    throw new WrongOption('--turn and --turn-secret-file belong together');
  }
  return { turn, turnSecretFile };
}

/** What every command of ours that opens ports takes. */
export type ListeningOptions = Pick<
  Options,
  'host' | 'port' | 'domain' | 'data' | 'tlsCert' | 'tlsKey' | 'allowOrigins' | 'logLevel'
>;

export function listeningOptions(given: Given): ListeningOptions {
  const domain = (given.text('domain') ?? '').toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain)) throw new WrongOption(`--domain is no domain: ${domain}`);
  const [tlsCert, tlsKey] = [given.text('tls-cert'), given.text('tls-key')];
  if ((tlsCert === null) !== (tlsKey === null)) throw new WrongOption('--tls-cert and --tls-key belong together');
  const origins = given.list('allow-origin').flatMap((text) => text.split(','));
  return {
    host: given.text('host') ?? '',
    port: given.number('port', 65535),
    domain,
    data: given.text('data') ?? '',
    tlsCert,
    tlsKey,
    allowOrigins: origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin),
    logLevel: given.text('log-level') ?? 'warn',
  };
}

/** True when only this computer can connect. */
export function listensOnLoopback({ host }: { host: string }): boolean {
  return isLoopback(host);
}

/** Where SIP without TLS is listened for: never beyond this computer. */
export function plainSipHost({ host }: { host: string }): string {
  return isLoopback(host) ? host : '127.0.0.1';
}
