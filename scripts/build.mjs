// Builds the page into dist/ and keeps a Brotli copy beside every text file, so that the server compresses nothing.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';
import { program, root, run } from './prepare.mjs';

const dist = path.join(root, 'dist');

export async function buildPage() {
  const code = await run(process.execPath, [program('vite', 'bin/vite.js'), 'build', '--logLevel', 'warn']);
  if (code !== 0) return code;
  // index.html is completed per response (its nonce), so it is sent as it is.
  for (const name of readdirSync(dist, { recursive: true })) {
    if (/\.(js|css|svg|json|webmanifest)$/.test(name)) compress(path.join(dist, name));
  }
  return 0;
}

function compress(file) {
  const bytes = readFileSync(file);
  writeFileSync(
    `${file}.br`,
    brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  );
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.exit(await buildPage());
