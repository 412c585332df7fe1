import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEdgeOptions } from './edge/edgeOptions';
import { serveEdge } from './edge/serveEdge';
import { CannotServe } from './listening';
import { standardLog } from './log';

// A self-made key is for the owner's eyes only.
process.umask(0o077);

const dist = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'dist');
const parsed = parseEdgeOptions(process.argv.slice(2), process.env);

if (parsed.is === 'help') {
  process.stdout.write(parsed.text);
} else if (parsed.is === 'wrong') {
  process.stderr.write(`${parsed.why}\n`);
  process.exitCode = 2;
} else {
  try {
    const running = await serveEdge(parsed.options, dist, standardLog(parsed.options.logLevel));
    const lines = ['', `  Confab is at ${running.url}`, `  SIP goes to: ${running.upstreams.join(', ')}`];
    for (const remark of running.remarks) lines.push('', `  ${remark}`);
    process.stdout.write(`${lines.join('\n')}\n\n`);
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
