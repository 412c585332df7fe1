import { parseArgs } from 'node:util';
import { isLoopback } from './http/hosts';

export interface Options {
  host: string;
  /** Page, WebSocket, discovery; 0 takes a free one, as for the other two. */
  port: number;
  sipPort: number;
  sipsPort: number;
  domain: string;
  data: string;
  tlsCert: string | null;
  tlsKey: string | null;
  demo: boolean;
  allowOrigins: string[];
  maxEndpoints: number;
  logLevel: string;
}

export type ParsedOptions =
  | { is: 'run'; options: Options }
  | { is: 'help'; text: string }
  | { is: 'wrong'; why: string };

interface Documented {
  readonly name: string;
  readonly value?: string;
  readonly standard?: string;
  readonly text: string;
  readonly multiple?: true;
}

const documented: readonly Documented[] = [
  { name: 'host', value: 'ADDRESS', standard: '127.0.0.1', text: 'where to listen; away from loopback with TLS only' },
  { name: 'port', value: 'PORT', standard: '8080', text: 'the page, the WebSocket and discovery' },
  { name: 'sip-port', value: 'PORT', standard: '5060', text: 'SIP over TCP, for native clients' },
  { name: 'sips-port', value: 'PORT', standard: '5061', text: 'SIP over TLS, for native clients' },
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
  { name: 'log-level', value: 'LEVEL', standard: 'warn', text: 'error, warn or info, as JSON lines on standard error' },
  { name: 'help', text: 'this text' },
];

export function environmentNameOf(option: string): string {
  return `CONFAB_${option.toUpperCase().replaceAll('-', '_')}`;
}

/** Reads the command line, then the environment, then what is standard. */
export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ParsedOptions {
  const given = readArguments(args);
  if (typeof given === 'string') return { is: 'wrong', why: given };
  if (given.help === true) return { is: 'help', text: helpText() };
  const text = (name: string): string | null => {
    const value = given[name] ?? environment[environmentNameOf(name)];
    return typeof value === 'string' && value !== ''
      ? value
      : (documented.find((one) => one.name === name)?.standard ?? null);
  };
  const numbers: Record<string, number> = {};
  for (const [name, highest] of [
    ['port', 65535],
    ['sip-port', 65535],
    ['sips-port', 65535],
    ['max-endpoints', 1e6],
  ] as const) {
    const value = text(name) ?? '';
    if (!/^\d{1,7}$/.test(value) || Number(value) > highest)
      return { is: 'wrong', why: `--${name} is no number up to ${highest}: ${value}` };
    numbers[name] = Number(value);
  }
  const domain = (text('domain') ?? '').toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(domain)) return { is: 'wrong', why: `--domain is no domain: ${domain}` };
  const [tlsCert, tlsKey] = [text('tls-cert'), text('tls-key')];
  if ((tlsCert === null) !== (tlsKey === null)) return { is: 'wrong', why: '--tls-cert and --tls-key belong together' };
  const options: Options = {
    host: text('host') ?? '',
    port: numbers.port ?? 0,
    sipPort: numbers['sip-port'] ?? 0,
    sipsPort: numbers['sips-port'] ?? 0,
    domain,
    data: text('data') ?? '',
    tlsCert,
    tlsKey,
    demo: !(given['no-demo'] === true || isYes(environment[environmentNameOf('no-demo')])),
    allowOrigins: originsOf(given['allow-origin'], environment[environmentNameOf('allow-origin')]),
    maxEndpoints: numbers['max-endpoints'] ?? 0,
    logLevel: text('log-level') ?? 'warn',
  };
  return { is: 'run', options };
}

type Given = Record<string, string | boolean | (string | boolean)[] | undefined>;

function readArguments(args: readonly string[]): Given | string {
  const options = Object.fromEntries(
    documented.map(({ name, value, multiple }) => [
      name,
      {
        type: value === undefined ? ('boolean' as const) : ('string' as const),
        ...(multiple === true ? { multiple } : {}),
        ...(name === 'help' ? { short: 'h' } : {}),
      },
    ]),
  );
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    return `${(error as Error).message.split('. ')[0]}. See --help.`;
  }
}

function originsOf(given: Given[string], fromEnvironment: string | undefined): string[] {
  const listed = Array.isArray(given) ? given.map(String) : (fromEnvironment ?? '').split(/[\s,]+/);
  return listed.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).origin);
}

function isYes(value: string | undefined): boolean {
  return value !== undefined && /^(1|yes|true|on)$/i.test(value);
}

export function helpText(): string {
  const rows = documented.map(({ name, value, standard, text }) => {
    const option = `--${name}${value === undefined ? '' : ` ${value}`}`;
    const variable = name === 'help' ? '' : environmentNameOf(name);
    return `  ${option.padEnd(24)}${variable.padEnd(22)}${text}${standard === undefined ? '' : ` (${standard})`}`;
  });
  return [
    'Usage: npm start -- [OPTIONS]',
    '',
    'Builds the page when needed and runs the Confab home server.',
    '',
    `  ${'Option'.padEnd(24)}${'Environment'.padEnd(22)}Meaning (standard)`,
    ...rows,
    '',
    'People are managed with: npm run users -- --help',
    '',
  ].join('\n');
}

/** True when only this computer can connect. */
export function listensOnLoopback(options: Options): boolean {
  return isLoopback(options.host);
}
