import { pino } from 'pino';

/** Log lines: fields first, then the sentence. Never a body, a password or an Authorization header. */
export interface Log {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

export const silentLog: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** JSON lines on standard error, so that standard output stays for the person who started the server. */
export function standardLog(level: string): Log {
  const serializers = { error: pino.stdSerializers.err };
  return pino({ level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers }, pino.destination(2));
}
