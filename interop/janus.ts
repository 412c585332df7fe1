import { freePort } from '../e2e/homeServer';
import { Daemon } from './daemon';

export const janusSecret = 'a secret of the house';

/** A Janus with nothing but its video room and a WebSocket on loopback. */
export async function startJanus(): Promise<{ daemon: Daemon; url: string }> {
  const port = await freePort();
  const daemon = await Daemon.start(
    'janus',
    (directory) => ['-F', `${directory}/etc`, '-C', `${directory}/etc/janus.jcfg`],
    janusFiles(port),
    port,
  );
  return { daemon, url: `ws://127.0.0.1:${port}` };
}

function janusFiles(port: number): Record<string, string> {
  return {
    'etc/janus.jcfg': `
general: { api_secret = "${janusSecret}"  debug_level = 4  log_to_stdout = true }
media: { ipv6 = false }
nat: { ice_keepalive_conncheck = true }
plugins: { disable = "${unwanted('plugin')}" }
transports: { disable = "${unwanted('transport')}" }
`,
    'etc/janus.transport.websockets.jcfg': `
general: { json = "compact"  ws = true  ws_ip = "127.0.0.1"  ws_port = ${port}  wss = false }
`,
    'etc/janus.plugin.videoroom.jcfg': `
general: { admin_key = "${janusSecret}" }
`,
  };
}

function unwanted(kind: 'plugin' | 'transport'): string {
  const names = {
    plugin: [
      'audiobridge',
      'duktape',
      'echotest',
      'lua',
      'nosip',
      'recordplay',
      'sip',
      'streaming',
      'textroom',
      'videocall',
      'voicemail',
    ],
    transport: ['http', 'mqtt', 'nanomsg', 'pfunix', 'rabbitmq'],
  }[kind];
  return names.map((name) => `libjanus_${name}.so`).join(',');
}
