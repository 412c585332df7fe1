import { describe, expect, it } from 'vitest';
import { contentRangeOf, rangeOf } from './ranges';

describe('Content-Range of a PUT (RFC 9110 §14.5)', () => {
  it.each([
    [undefined, { from: 0, to: 99 }],
    ['bytes 0-99/100', { from: 0, to: 99 }],
    ['bytes 50-99/100', { from: 50, to: 99 }],
    ['bytes 50-60/100', { from: 50, to: 60 }],
    ['bytes 0-99/101', null],
    ['bytes 0-100/100', null],
    ['bytes 60-50/100', null],
    ['bytes 0-99/*', null],
    ['bytes */100', null],
    ['bytes=0-99', null],
    ['bytes -1-99/100', null],
    ['', null],
  ])('%s', (header, expected) => {
    expect(contentRangeOf(header, 100)).toEqual(expected);
  });
});

describe('Range of a GET (RFC 9110 §14.2)', () => {
  it.each([
    [undefined, null],
    ['bytes=0-', { from: 0, to: 99 }],
    ['bytes=10-19', { from: 10, to: 19 }],
    ['bytes=90-500', { from: 90, to: 99 }],
    ['bytes=-10', { from: 90, to: 99 }],
    ['bytes=-500', { from: 0, to: 99 }],
    ['bytes=100-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=20-10', null],
    ['bytes=-', null],
    ['bytes=0-1,5-6', null],
    ['lines=1-2', null],
    ['bytes=a-b', null],
  ])('%s', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected);
  });
});
