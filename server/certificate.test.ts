import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownCertificate, ownNames } from './certificate';

let data: string;
beforeAll(() => {
  data = mkdtempSync(path.join(tmpdir(), 'confab-'));
});
afterAll(() => rmSync(data, { recursive: true, force: true }));

const names = ownNames('contoso.example', '127.0.0.1');
const publicPem = (key: ReturnType<typeof createPublicKey>) => key.export({ type: 'spki', format: 'pem' });

describe('the self-made certificate', () => {
  it('is signed by a root whose key nobody has: NSS takes none that signs itself', async () => {
    const { cert, key } = await ownCertificate(data, names);
    const [leaf, root] = cert.split(/(?<=-----END CERTIFICATE-----\n)/).map((pem) => new X509Certificate(pem));
    expect([leaf?.ca, root?.ca]).toEqual([false, true]);
    expect(root && leaf?.checkIssued(root)).toBe(true);
    expect(root && leaf?.verify(root.publicKey)).toBe(true);
    expect(names.every((name) => (leaf?.checkHost(name) ?? leaf?.checkIP(name)) !== undefined)).toBe(true);
    const ours = publicPem(createPublicKey(createPrivateKey(key)));
    expect([leaf, root].map((one) => one && publicPem(one.publicKey) === ours)).toEqual([true, false]);
  });

  it('is used again until it lacks a name', async () => {
    const again = await ownCertificate(data, names);
    expect(again.made).toBe(false);
    const more = await ownCertificate(data, [...names, 'chat.example']);
    expect(more.made).toBe(true);
    expect(more.cert).not.toBe(again.cert);
  });
});
