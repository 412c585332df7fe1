import { request } from 'node:http';
import { createInterface } from 'node:readline';
import { type AdminAccess, readAdminAccess } from './accessFile';
import type { TracedFrame } from './followers';

/** `message` is for the person who asked for the trace. */
export class CannotFollow extends Error {}

export interface FollowOptions {
  /** Data directory of the server. */
  data: string;
  user: string;
  withText: boolean;
}

export interface Followed {
  began(): void;
  frame(frame: TracedFrame): void;
}

/** Follows a person until `signal`, then resolves. Throws `CannotFollow` when it cannot begin, and when the server ends it. */
export function follow(options: FollowOptions, { began, frame }: Followed, signal: AbortSignal): Promise<void> {
  const { port, token } = accessOf(options.data);
  const asked = new URLSearchParams({ user: options.user, ...(options.withText ? { text: 'yes' } : {}) });
  return new Promise((resolve, reject) => {
    const failed = (why: string): void => (signal.aborted ? resolve() : reject(new CannotFollow(why)));
    const gone = `The server of ${options.data} does not answer on port ${port}. ${howToStart(options.data)}`;
    const headers = { Authorization: `Bearer ${token}` };
    const asking = request({ host: '127.0.0.1', port, path: `/trace?${asked}`, headers, signal }, (response) => {
      const lines = createInterface({ input: response, crlfDelay: Number.POSITIVE_INFINITY });
      // It passes on what breaks the response; `close` follows.
      lines.on('error', () => undefined);
      lines.on('line', (line) => {
        if (response.statusCode !== 200) return failed(refusalOf(response.statusCode, line, gone));
        const value = JSON.parse(line) as TracedFrame | { following: string };
        if ('following' in value) began();
        else frame(value);
      });
      response.on('close', () =>
        failed('The server ended the trace: it was stopped, or this terminal reads too slowly.'),
      );
    });
    asking.on('error', () => failed(gone));
    asking.end();
  });
}

function accessOf(data: string): AdminAccess {
  try {
    return readAdminAccess(data);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES')
      throw new CannotFollow(`Only the user whom the server runs as may read ${data}/admin.json. Be that user.`);
    throw new CannotFollow(`No server with an administration port runs on ${data}. ${howToStart(data)}`);
  }
}

const howToStart = (data: string): string =>
  `Start it with: npm start -- --admin-port 9091 --data ${data} (or name its data directory with --data).`;

/** Another program may have the port of a server that was killed. */
const refusalOf = (status: number | undefined, line: string, gone: string): string =>
  status === 404 || status === 503 ? line : gone;
