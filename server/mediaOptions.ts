import { isIP } from 'node:net';
import { type Documented, type Given, WrongOption } from './commandLine';

/** How shared programs of conferences are carried. */
export interface MediaOptions {
  engine: 'werift' | 'janus' | 'none';
  janus: { url: string; secretFile: string } | null;
  /** Addresses of this machine, or by which the world knows it. */
  hosts: string[];
  ports: [number, number] | null;
  /** Bits a second of one sharer. */
  maxBitrate: number;
}

export const documentedMediaOptions: readonly Documented[] = [
  {
    name: 'media',
    value: 'ENGINE',
    standard: 'werift',
    text: 'what carries shared programs of conferences: werift (in this process), janus (beside it) or none',
  },
  {
    name: 'media-host',
    value: 'ADDRESS',
    multiple: true,
    text: 'an IP address for media: of this machine, or the one by which the world knows it',
  },
  { name: 'media-ports', value: 'FROM-TO', text: 'UDP ports for media; any free one when not given' },
  {
    name: 'janus-url',
    value: 'URL',
    standard: 'ws://127.0.0.1:8188',
    text: 'the WebSocket of Janus, with --media janus',
  },
  { name: 'janus-secret-file', value: 'FILE', text: 'its api_secret, which is the admin_key of its video room too' },
  { name: 'media-bitrate', value: 'KBITS', standard: '3000', text: 'most kilobits a second of one shared program' },
];

export function mediaOptions(given: Given): MediaOptions {
  const engine = given.text('media') ?? '';
  if (engine !== 'werift' && engine !== 'janus' && engine !== 'none') {
    throw new WrongOption(`--media is werift, janus or none: ${engine}`);
  }
  const hosts = given.list('media-host').flatMap((text) => text.split(',').filter((host) => host !== ''));
  for (const host of hosts) if (isIP(host) === 0) throw new WrongOption(`--media-host is no IP address: ${host}`);
  const kilobits = given.number('media-bitrate', 100_000);
  if (kilobits < 250) throw new WrongOption(`--media-bitrate is a number from 250: ${kilobits}`);
  return {
    engine,
    janus: engine === 'janus' ? janusOptions(given) : null,
    hosts,
    ports: portsOf(given.text('media-ports')),
    maxBitrate: kilobits * 1000,
  };
}

function janusOptions(given: Given): { url: string; secretFile: string } {
  const [url, secretFile] = [given.text('janus-url') ?? '', given.text('janus-secret-file')];
  const isWebSocket = URL.canParse(url) && /^wss?:$/.test(new URL(url).protocol);
  if (!isWebSocket) throw new WrongOption(`--janus-url is no WebSocket address: ${url}`);
  if (secretFile === null) throw new WrongOption('--media janus needs --janus-secret-file');
  return { url, secretFile };
}

function portsOf(text: string | null): [number, number] | null {
  if (text === null) return null;
  const [, from = '', to = ''] = /^(\d{1,5})-(\d{1,5})$/.exec(text) ?? [];
  const [lowest, highest] = [Number(from), Number(to)];
  if (from === '' || lowest < 1024 || highest > 65_535 || lowest >= highest) {
    throw new WrongOption(`--media-ports is no range like 40000-40999: ${text}`);
  }
  return [lowest, highest];
}
