import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { bareAddress } from '../src/protocol/sip/uri';
import { demoPassword } from './demo';
import { CannotServe } from './listening';
import { standardLog } from './log';
import { parseOptions } from './options';
import { type Running, serve } from './serve';

// What is kept is for the owner's eyes only.
process.umask(0o077);

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const parsed = parseOptions(process.argv.slice(2), process.env);

if (parsed.is === 'help') {
  process.stdout.write(parsed.text);
} else if (parsed.is === 'wrong') {
  process.stderr.write(`${parsed.why}\n`);
  process.exitCode = 2;
} else {
  const log = standardLog(parsed.options.logLevel);
  try {
    const running = await serve(parsed.options, dist, log);
    process.stdout.write(greeting(running));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        running.stop().then(
          () => process.exit(0),
          () => process.exit(1),
        );
      });
    }
  } catch (error) {
    if (!(error instanceof CannotServe)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}

function greeting({ url, ports, demoPeople, remarks }: Running): string {
  const lines = [
    '',
    `  Confab is at ${url}`,
    `  SIP for native clients: TCP port ${ports.sip}, TLS port ${ports.sips}`,
  ];
  if (ports.admin !== null) lines.push(`  Administration: http://127.0.0.1:${ports.admin}/healthz, /metrics, /trace`);
  for (const remark of remarks) lines.push('', `  ${remark}`);
  if (demoPeople.length > 0) {
    lines.push('', `  Demo people (password of each: ${demoPassword})`);
    const widest = Math.max(...demoPeople.map(({ aor }) => bareAddress(aor).length));
    const widestName = Math.max(...demoPeople.map(({ displayName }) => displayName.length));
    for (const { aor, displayName, title } of demoPeople) {
      lines.push(`    ${bareAddress(aor).padEnd(widest)}  ${displayName.padEnd(widestName)}  ${title}`);
    }
  }
  return `${lines.join('\n')}\n\n`;
}
