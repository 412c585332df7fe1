import { describe, expect, it } from 'vitest';
import { environmentNameOf } from './commandLine';
import { type Options, parseOptions, plainSipHost } from './options';

function optionsOf(args: string[], environment: NodeJS.ProcessEnv = {}): Options {
  const parsed = parseOptions(args, environment);
  if (parsed.is !== 'run') throw new Error(parsed.is === 'wrong' ? parsed.why : parsed.text);
  return parsed.options;
}

describe('options of npm start', () => {
  it('are standard when nothing is said: loopback, the usual ports, demo people', () => {
    expect(optionsOf([])).toEqual({
      host: '127.0.0.1',
      port: 8080,
      sipPort: 5060,
      sipsPort: 5061,
      adminPort: null,
      domain: 'contoso.example',
      data: './data',
      tlsCert: null,
      tlsKey: null,
      demo: true,
      allowOrigins: [],
      maxEndpoints: 5000,
      turn: [],
      turnSecretFile: null,
      media: { engine: 'werift', janus: null, hosts: [], ports: null, maxBitrate: 3_000_000 },
      files: {
        size: 2_000_000_000,
        quota: 10_000_000_000,
        total: 50_000_000_000,
        lifetimeMs: 7 * 86_400_000,
        blocked: expect.arrayContaining(['.exe', '.js', '.msi']),
      },
      traceMost: null,
      logLevel: 'warn',
    });
  });

  it('come from the command line, then from the environment', () => {
    const environment = {
      CONFAB_PORT: '1',
      CONFAB_SIP_PORT: '2',
      CONFAB_NO_DEMO: 'yes',
      CONFAB_DOMAIN: 'Fabrikam.Example',
    };
    const options = optionsOf(
      ['--port', '0', '--allow-origin', 'https://a.example/x', '--allow-origin=https://b.example'],
      environment,
    );
    expect(options).toMatchObject({ port: 0, sipPort: 2, demo: false, domain: 'fabrikam.example' });
    expect(options.allowOrigins).toEqual(['https://a.example', 'https://b.example']);
  });

  it('MRS-6: name TURN servers, separated by commas, blanks, or one by one', () => {
    const servers = [
      { host: 'turn.contoso.example', port: 3478 },
      { host: '[2001:db8::7]', port: 443 },
    ];
    const secret = ['--turn-secret-file', 'turn.secret'];
    const given = ['--turn', 'turn.contoso.example:3478', '--turn', '[2001:db8::7]:443'];
    expect(optionsOf([...given, ...secret])).toMatchObject({ turn: servers, turnSecretFile: 'turn.secret' });
    expect(optionsOf(['--turn', 'turn.contoso.example:3478,[2001:db8::7]:443', ...secret]).turn).toEqual(servers);
    const environment = { CONFAB_TURN: 'turn.contoso.example:3478 [2001:db8::7]:443', CONFAB_TURN_SECRET_FILE: 'f' };
    expect(optionsOf([], environment)).toMatchObject({ turn: servers, turnSecretFile: 'f' });
  });

  it('say what the file store takes', () => {
    const args = ['--file-size', '5', '--file-quota', '50', '--file-total', '500', '--file-days', '1'];
    expect(optionsOf([...args, '--file-block', 'EXE,bat']).files).toEqual({
      size: 5_000_000,
      quota: 50_000_000,
      total: 500_000_000,
      lifetimeMs: 86_400_000,
      blocked: ['.exe', '.bat'],
    });
    expect(optionsOf(['--file-block', 'none']).files?.blocked).toEqual([]);
    expect(optionsOf([], { CONFAB_NO_FILES: 'yes' }).files).toBeNull();
  });

  it('say how media goes', () => {
    const args = ['--media-host', '203.0.113.5', '--media-host=192.0.2.2', '--media-ports', '40000-40999'];
    expect(optionsOf([...args, '--media-bitrate', '1500']).media).toEqual({
      engine: 'werift',
      janus: null,
      hosts: ['203.0.113.5', '192.0.2.2'],
      ports: [40_000, 40_999],
      maxBitrate: 1_500_000,
    });
    expect(optionsOf(['--media', 'janus', '--janus-secret-file', 'janus.secret']).media).toMatchObject({
      engine: 'janus',
      janus: { url: 'ws://127.0.0.1:8188', secretFile: 'janus.secret' },
    });
    expect(optionsOf([], { CONFAB_MEDIA: 'none', CONFAB_MEDIA_HOST: '203.0.113.5 192.0.2.2' }).media).toMatchObject({
      engine: 'none',
      hosts: ['203.0.113.5', '192.0.2.2'],
    });
  });

  it.each([
    [['--port', 'http'], '--port is no number up to 65535: http'],
    [['--sip-port', '65536'], '--sip-port is no number up to 65535: 65536'],
    [['--domain', 'a b'], '--domain is no domain: a b'],
    [['--file-block', 'exe;bat'], '--file-block is a list of endings like exe,bat or none: exe;bat'],
    [['--file-size', 'big'], '--file-size is no number up to 1000000: big'],
    [['--media', 'smoke'], '--media is werift, janus or none: smoke'],
    [['--media', 'janus'], '--media janus needs --janus-secret-file'],
    [['--media', 'janus', '--janus-url', 'localhost'], '--janus-url is no WebSocket address: localhost'],
    [['--media-host', 'media.example'], '--media-host is no IP address: media.example'],
    [['--media-ports', '40000'], '--media-ports is no range like 40000-40999: 40000'],
    [['--media-ports', '40000-40000'], '--media-ports is no range like 40000-40999: 40000-40000'],
    [['--media-ports', '80-90'], '--media-ports is no range like 40000-40999: 80-90'],
    [['--media-bitrate', '10'], '--media-bitrate is a number from 250: 10'],
    [['--turn', 'turn.example:3478'], '--turn and --turn-secret-file belong together'],
    [['--turn-secret-file', 'x'], '--turn and --turn-secret-file belong together'],
    [['--turn', 'turn.example', '--turn-secret-file', 'x'], '--turn is no HOST:PORT: turn.example'],
    [['--turn', 'turn.example:0', '--turn-secret-file', 'x'], '--turn is no HOST:PORT: turn.example:0'],
    [['--tls-cert', 'x.pem'], '--tls-cert and --tls-key belong together'],
    [['--prot', '1'], "Unknown option '--prot'. See --help."],
    [['8080'], /^Unexpected argument '8080'/],
  ])('%j is refused in words', (args, why) => {
    expect(parseOptions(args, {})).toEqual({
      is: 'wrong',
      why: typeof why === 'string' ? why : expect.stringMatching(why),
    });
  });

  it.each([
    'host',
    'port',
    'sip-port',
    'sips-port',
    'admin-port',
    'domain',
    'data',
    'tls-cert',
    'tls-key',
    'no-demo',
    'turn',
    'turn-secret-file',
    'media',
    'media-host',
    'media-ports',
    'media-bitrate',
    'janus-url',
    'janus-secret-file',
    'no-files',
    'file-size',
    'file-quota',
    'file-total',
    'file-days',
    'file-block',
  ])('--help tells --%s and its environment variable', (name) => {
    const parsed = parseOptions(['--help'], {});
    if (parsed.is !== 'help') throw new Error('no help');
    const row = parsed.text
      .split('\n')
      .find((line) => line.trim().startsWith(`--${name} `) || line.trim().startsWith(`--${name}  `));
    expect(row).toContain(environmentNameOf(name));
  });

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ['::1', '::1'],
    ['0.0.0.0', '127.0.0.1'],
    ['192.0.2.1', '127.0.0.1'],
  ])('listening on %s, SIP without TLS is on %s', (host, plain) => {
    expect(plainSipHost({ host })).toBe(plain);
  });
});
