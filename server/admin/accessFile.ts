import { randomBytes } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** How a program of the same user reaches the administration port of a running server. */
export interface AdminAccess {
  port: number;
  /** Changes with each start. */
  token: string;
}

const fileOf = (dataDirectory: string): string => path.join(dataDirectory, 'admin.json');

export function newToken(): string {
  return randomBytes(32).toString('hex');
}

/** Writes `admin.json`, readable by its owner only: other users of this computer shall not read along. */
export function writeAdminAccess(dataDirectory: string, access: AdminAccess): void {
  const file = fileOf(dataDirectory);
  // A file that is there keeps its mode, so it goes first.
  rmSync(file, { force: true });
  writeFileSync(file, `${JSON.stringify(access)}\n`, { mode: 0o600, flag: 'wx' });
}

/** Of a running server, or of one that was killed. Throws the error of the file system, or `SyntaxError`. */
export function readAdminAccess(dataDirectory: string): AdminAccess {
  const { port, token } = JSON.parse(readFileSync(fileOf(dataDirectory), 'utf8')) as Partial<AdminAccess>;
  if (typeof port !== 'number' || typeof token !== 'string') throw new SyntaxError('admin.json is damaged');
  return { port, token };
}

/** Unless another server has written it since. */
export function removeAdminAccess(dataDirectory: string, { token }: AdminAccess): void {
  try {
    if (readAdminAccess(dataDirectory).token === token) rmSync(fileOf(dataDirectory));
  } catch {
    // Gone already.
  }
}
