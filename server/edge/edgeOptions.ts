import type { SecureVersion } from 'node:tls';
import { type Command, type Given, type Parsed, parseCommandLine, WrongOption } from '../commandLine';
import { type ListeningOptions, listeningOptions } from '../options';

export interface EdgeOptions extends ListeningOptions {
  /** Where SIP may go; the first one is for who names none. */
  upstreams: UpstreamOptions[];
  maxConnections: number;
}

/** One server that the edge carries SIP to. */
export interface UpstreamOptions {
  readonly host: string;
  readonly port: number;
  readonly transport: 'tls' | 'tcp';
  /** The name that its certificate must have. */
  readonly certificateName: string;
  /** PEM file of a further certificate authority. */
  readonly ca: string | null;
  readonly minVersion: SecureVersion;
  /** OpenSSL's list; `null` for Node's own. */
  readonly ciphers: string | null;
}

const command: Command = {
  usage: [
    'Usage: npm run edge -- --upstream HOST[:PORT][,KEY=VALUE ...] [OPTIONS]',
    '',
    'Carries SIP from browsers (WebSocket) to Lync and Skype for Business Front Ends (TLS), one connection for each',
    'browser, and serves the page. People sign in at the Front End; the edge keeps nothing.',
  ],
  remarks: [
    'Of an upstream:',
    '  ca=FILE               also trusts this certificate authority (PEM)',
    '  name=NAME             its certificate must be for this name (HOST)',
    '  min-version=VERSION   TLSv1, TLSv1.1, TLSv1.2 or TLSv1.3 (TLSv1.2)',
    "  ciphers=LIST          in OpenSSL's words; old servers need DEFAULT@SECLEVEL=0 (Node's own)",
    '  transport=tcp         SIP without TLS, for tests (tls)',
    '',
    'A browser gets the first upstream at /sip, and each by its name at /sip/HOST:PORT.',
  ],
  prefix: 'CONFAB_EDGE',
  options: [
    {
      name: 'upstream',
      value: 'SERVER',
      multiple: true,
      text: 'a Front End or pool that SIP may go to, port 5061 when not given; at least one',
    },
    {
      name: 'host',
      value: 'ADDRESS',
      standard: '127.0.0.1',
      text: 'where to listen; away from loopback with TLS only',
    },
    { name: 'port', value: 'PORT', standard: '8081', text: 'the page, the WebSocket and discovery' },
    { name: 'domain', value: 'DOMAIN', standard: 'contoso.example', text: 'the SIP domain: what stands after the @' },
    { name: 'tls-cert', value: 'FILE', text: 'certificate chain (PEM); self-made when not given' },
    { name: 'tls-key', value: 'FILE', text: 'its private key (PEM)' },
    { name: 'data', value: 'DIR', standard: './data', text: 'where a self-made certificate is kept' },
    {
      name: 'allow-origin',
      value: 'ORIGIN',
      multiple: true,
      text: 'a page of another host that may connect, e.g. https://chat.example',
    },
    { name: 'max-connections', value: 'NUMBER', standard: '5000', text: 'browsers at once' },
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
export function parseEdgeOptions(args: readonly string[], environment: NodeJS.ProcessEnv): Parsed<EdgeOptions> {
  return parseCommandLine(command, args, environment, (given) => ({
    ...listeningOptions(given),
    upstreams: upstreamsOf(given),
    maxConnections: given.number('max-connections', 1e6),
  }));
}

function upstreamsOf(given: Given): UpstreamOptions[] {
  const upstreams = given.list('upstream').map(upstreamOf);
  if (upstreams.length === 0) {
    throw new WrongOption('No --upstream: name the Front End that SIP goes to, e.g. --upstream pool.contoso.example');
  }
  return upstreams;
}

const keys = ['ca', 'name', 'min-version', 'ciphers', 'transport'];
const versions: readonly string[] = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] satisfies SecureVersion[];

function upstreamOf(text: string): UpstreamOptions {
  const [address = '', ...pieces] = text.split(',');
  const place = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(address);
  if (place === null || Number(place[2] ?? 1) > 65535)
    throw new WrongOption(`--upstream is no HOST[:PORT]: ${address}`);
  const settings = new Map<string, string>();
  for (const piece of pieces) {
    const [key = '', value = ''] = [piece.slice(0, piece.indexOf('=')), piece.slice(piece.indexOf('=') + 1)];
    if (!keys.includes(key) || value === '') throw new WrongOption(`--upstream does not know ${piece}. See --help.`);
    settings.set(key, value);
  }
  const transport = settings.get('transport') ?? 'tls';
  if (transport !== 'tls' && transport !== 'tcp') throw new WrongOption(`transport is tls or tcp, not ${transport}`);
  const minVersion = settings.get('min-version') ?? 'TLSv1.2';
  if (!versions.includes(minVersion)) throw new WrongOption(`min-version is one of ${versions.join(', ')}`);
  const host = (place[1] ?? '').toLowerCase().replace(/^\[|\]$/g, '');
  return {
    host,
    port: Number(place[2] ?? (transport === 'tls' ? 5061 : 5060)),
    transport,
    certificateName: settings.get('name') ?? host,
    ca: settings.get('ca') ?? null,
    minVersion: minVersion as SecureVersion,
    ciphers: settings.get('ciphers') ?? null,
  };
}
