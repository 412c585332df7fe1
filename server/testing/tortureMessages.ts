import { readFileSync } from 'node:fs';

const file = new URL('./rfc4475.txt', import.meta.url);

/** The messages of RFC 4475, byte for byte, by the names that it gives them. */
export function tortureMessages(): ReadonlyMap<string, Buffer> {
  const [, ...blocks] = readFileSync(file, 'utf8').replace(/\n$/, '').split('\n=== ');
  return new Map(
    blocks.map((block) => {
      const [title = '', ...lines] = block.split('\n');
      return [title.split(' ')[0] ?? '', bytesOf(lines)];
    }),
  );
}

function bytesOf(lines: readonly string[]): Buffer {
  const text = `${lines.join('\r\n')}\r\n`.replace('<cut>\r\n', '');
  const pieces = text.split(/<hex>([0-9a-f]*)<\/hex>/);
  return Buffer.concat(pieces.map((piece, index) => Buffer.from(piece, index % 2 === 0 ? 'utf8' : 'hex')));
}
