import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import path from 'node:path';
import { generate } from 'selfsigned';

/** PEM text. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** Until this long before its end a self-made certificate is used again. */
const renewedBefore = 30 * 24 * 3600_000;
const lives = 397 * 24 * 3600_000;

/** The self-made certificate of a data directory, made at first use; `made` is true when it is new. */
export async function ownCertificate(
  dataDirectory: string,
  names: readonly string[],
): Promise<Certificate & { made: boolean; file: string }> {
  const files = { cert: path.join(dataDirectory, 'tls-cert.pem'), key: path.join(dataDirectory, 'tls-key.pem') };
  if (existsSync(files.cert) && existsSync(files.key)) {
    const kept = { cert: readFileSync(files.cert, 'utf8'), key: readFileSync(files.key, 'utf8') };
    const covered = namesOf(kept.cert);
    const endsAt = Date.parse(new X509Certificate(kept.cert).validTo);
    if (endsAt - renewedBefore > Date.now() && names.every((name) => covered.includes(name))) {
      return { ...kept, made: false, file: files.cert };
    }
  }
  const fresh = await makeCertificate(names);
  writeFileSync(files.cert, fresh.cert);
  writeFileSync(files.key, fresh.key, { mode: 0o600 });
  return { ...fresh, made: true, file: files.cert };
}

/**
 * A certificate and the root that signed it, whose key is thrown away: to trust this root is to trust this one certificate. One
 * that signs itself would not do: NSS (Pidgin, Firefox) wants a certificate authority for that, which no browser takes for a server.
 */
async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const altNames = names.map((name) =>
    isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  );
  const host = names[0] ?? 'localhost';
  const common = { keyType: 'ec', algorithm: 'sha256', notAfterDate: new Date(Date.now() + lives) } as const;
  const root = await generate([{ name: 'commonName', value: `${host} self-made root` }], {
    ...common,
    extensions: [
      { name: 'basicConstraints', cA: true, pathLenConstraint: 0, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const made = await generate([{ name: 'commonName', value: host }], {
    ...common,
    ca: { key: root.private, cert: root.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { cert: `${made.cert.trimEnd()}\n${root.cert.trimEnd()}\n`, key: made.private };
}

/** Host names and addresses that a certificate is for. */
export function namesOf(cert: string): string[] {
  const alternatives = new X509Certificate(cert).subjectAltName ?? '';
  return alternatives.split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/.exec(entry)?.[1] ?? []);
}

/** What a self-made certificate is made out to. */
export function ownNames(domain: string, host: string): string[] {
  const names = [
    `fe1.${domain}`,
    domain,
    `lyncdiscover.${domain}`,
    `sip.${domain}`,
    'localhost',
    hostname(),
    '127.0.0.1',
  ];
  if (isIP(host) && !names.includes(host) && host !== '0.0.0.0' && host !== '::') names.push(host);
  return names;
}
