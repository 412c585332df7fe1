import { type DestinationStream, pino } from 'pino';
import { maskQuoted } from '../src/protocol/sip/mask';

/** Log lines: fields first, then the sentence. Never a body, a password or an Authorization header. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** JSON lines on standard error, so that standard output stays for the person who started the server. */
export function standardLog(level: string, destination: DestinationStream = pino.destination(2)): Log {
  return pino(
    {
      level,
      base: undefined,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: {
        error: (error: unknown) =>
          masked(pino.stdSerializers.err(error instanceof Error ? error : new Error(String(error)))),
      },
      formatters: { log: masked },
    },
    destination,
  );
}

/** An error or a peer's words may quote a message: what the trace masks is masked here too. */
function masked(fields: object): Record<string, unknown> {
  const hide = (value: unknown): unknown => (typeof value === 'string' ? maskQuoted(value) : value);
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, hide(value)]));
}
