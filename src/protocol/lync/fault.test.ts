import { describe, expect, it } from 'vitest';
import { MalformedBody } from '../malformed';
import { formatFault, parseFault, wrongDelta } from './fault';

// lync-wire 4.4
const fault = `<Fault><Faultcode>Client.BadCall.WrongDelta</Faultcode>
  <details><operation index="4" version="4" curVersion="5"/></details></Fault>`;

describe('msrtc-fault', () => {
  it('PUB-3: is read, and written again', () => {
    const conflicts = [{ index: 4, version: 4, curVersion: 5 }];
    expect(parseFault(fault)).toEqual({ code: wrongDelta, conflicts });
    expect(formatFault(conflicts)).toBe(fault.replace(/\n\s*/, ''));
  });

  it('reads a fault without versions, and one without details', () => {
    expect(parseFault('<Fault><details><operation index="1" curVersion="3"/></details></Fault>')).toEqual({
      code: '',
      conflicts: [{ index: 1, version: 0, curVersion: 3 }],
    });
    expect(parseFault('<Fault><Faultcode>Server.Failure</Faultcode></Fault>')).toEqual({
      code: 'Server.Failure',
      conflicts: [],
    });
  });

  it.each([
    ['nothing', ''],
    ['a cut document', fault.slice(0, -3)],
    ['another document', '<publish/>'],
    ['an operation without index', '<Fault><details><operation curVersion="3"/></details></Fault>'],
    ['an operation without version', '<Fault><details><operation index="1"/></details></Fault>'],
    ['a version that is no number', '<Fault><details><operation index="1" curVersion="NaN"/></details></Fault>'],
  ])('refuses %s', (_what, text) => {
    expect(() => parseFault(text)).toThrow(MalformedBody);
  });
});
