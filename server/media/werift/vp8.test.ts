import { describe, expect, it } from 'vitest';
import { isKeyFrameStart } from './vp8';

describe('the first packet of a VP8 key frame (RFC 7741)', () => {
  it.each([
    ['a bare descriptor', [0x10, 0x00], true],
    ['a frame between', [0x10, 0x01], false],
    ['a later packet of the frame', [0x00, 0x00], false],
    ['another partition', [0x11, 0x00], false],
    ['an extended one', [0x90, 0x00, 0x00], true],
    ['with a short picture id', [0x90, 0x80, 0x12, 0x00], true],
    ['with a long picture id', [0x90, 0x80, 0x92, 0x34, 0x00], true],
    ['with everything', [0x90, 0xe0, 0x92, 0x34, 0x01, 0x20, 0x00], true],
    ['with everything, between', [0x90, 0xe0, 0x92, 0x34, 0x01, 0x20, 0x01], false],
    ['with a temporal index only', [0x90, 0x20, 0x20, 0x00], true],
    ['nothing', [], false],
    ['a descriptor and no more', [0x10], false],
    ['an extension that is cut', [0x90, 0xf0, 0x92], false],
  ])('%s', (_what, bytes, expected) => {
    expect(isKeyFrameStart(Uint8Array.from(bytes))).toBe(expected);
  });
});
