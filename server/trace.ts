import { CannotFollow, follow } from './admin/follow';
import { ladderHead, ladderRow, wholeMessage } from './admin/ladder';
import { parseTraceOptions } from './admin/traceOptions';

const parsed = parseTraceOptions(process.argv.slice(2), process.env);

if (parsed.is === 'help') {
  process.stdout.write(parsed.text);
} else if (parsed.is === 'wrong') {
  process.stderr.write(`${parsed.why}\n`);
  process.exitCode = 2;
} else {
  const { options } = parsed;
  const stopping = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stopping.abort());
  // `| head` has seen enough.
  process.stdout.on('error', () => stopping.abort());
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  try {
    await follow(
      options,
      {
        began: () => print(`Following ${options.user}. Ctrl+C ends it.\n\n${ladderHead}`),
        frame: (frame) => print(ladderRow(frame) + (options.withText ? wholeMessage(frame) : '')),
      },
      stopping.signal,
    );
  } catch (error) {
    if (!(error instanceof CannotFollow)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  }
}
