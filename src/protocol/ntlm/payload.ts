import { MalformedBody } from '../malformed';

/** The common shape of NTLM messages ([MS-NLMP] §2.2): signature, type, then fields that point into what follows. */

const signature = 'NTLMSSP\0';

/** A view of a message of this type with at least `size` bytes. Throws MalformedBody. */
export function openMessage(bytes: Uint8Array, what: string, type: number, size: number): DataView {
  if (bytes.length < size) throw new MalformedBody(what, 'too short');
  for (let index = 0; index < signature.length; index += 1) {
    if (bytes[index] !== signature.charCodeAt(index)) throw new MalformedBody(what, 'no NTLMSSP signature');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.getUint32(8, true) !== type) throw new MalformedBody(what, 'another type of message');
  return view;
}

/** The bytes that the field at `at` points to: length, room, offset. Throws MalformedBody. */
export function readField(view: DataView, at: number, what: string): Uint8Array {
  const length = view.getUint16(at, true);
  const offset = view.getUint32(at + 4, true);
  if (length === 0) return new Uint8Array(0);
  if (offset + length > view.byteLength) throw new MalformedBody(what, 'a field ends behind the message');
  return new Uint8Array(view.buffer, view.byteOffset + offset, length).slice();
}

/** A message of this type: a head of `size` bytes, and the fields' contents in the order given. */
export function buildMessage(
  type: number,
  size: number,
  fields: readonly (readonly [at: number, content: Uint8Array])[],
): { bytes: Uint8Array; view: DataView } {
  const bytes = new Uint8Array(fields.reduce((length, [, content]) => length + content.length, size));
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < signature.length; index += 1) bytes[index] = signature.charCodeAt(index);
  view.setUint32(8, type, true);
  let offset = size;
  for (const [at, content] of fields) {
    if (content.length > 0xffff) throw new RangeError('an NTLM field has at most 65535 bytes');
    view.setUint16(at, content.length, true);
    view.setUint16(at + 2, content.length, true);
    view.setUint32(at + 4, offset, true);
    bytes.set(content, offset);
    offset += content.length;
  }
  return { bytes, view };
}

export function encodeUtf16(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < text.length; index += 1) view.setUint16(index * 2, text.charCodeAt(index), true);
  return bytes;
}

/** Throws MalformedBody when half a character is left. */
export function decodeUtf16(bytes: Uint8Array, what: string): string {
  if (bytes.length % 2 !== 0) throw new MalformedBody(what, 'half a character');
  let text = '';
  for (let index = 0; index < bytes.length; index += 2) {
    text += String.fromCharCode((bytes[index] ?? 0) | ((bytes[index + 1] ?? 0) << 8));
  }
  return text;
}
