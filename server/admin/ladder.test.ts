import { describe, expect, it } from 'vitest';
import type { TracedFrame } from './followers';
import { ladderRow, wholeMessage } from './ladder';

const request =
  'MESSAGE sip:bob@contoso.example SIP/2.0\r\nCSeq: 1 MESSAGE\r\nContent-Type: text/plain; charset=UTF-8\r\n\r\n***';
const refusal =
  'SIP/2.0 480 Temporarily Unavailable\r\nCSeq: 1 MESSAGE\r\nms-diagnostics: 15030;reason="Nobody is signed in";source="fe1"\r\n\r\n';

const frame = (changes: Partial<TracedFrame>): TracedFrame => ({
  at: new Date(2026, 2, 2, 9, 5, 7, 42).getTime(),
  lane: 'client',
  direction: 'in',
  flow: '4',
  transport: 'WSS',
  address: '192.0.2.1:50000',
  owner: 'bob@contoso.example',
  bytes: 412,
  text: request,
  ...changes,
});

describe('the ladder in the terminal', () => {
  it('draws a message between the two that exchange it', () => {
    expect([
      ladderRow(frame({})),
      ladderRow(frame({ lane: 'peer', direction: 'out' })),
      ladderRow(frame({ lane: 'peer', text: refusal })),
      ladderRow(frame({ direction: 'out', text: refusal })),
    ]).toEqual([
      '09:05:07.042  │────────── MESSAGE ──────────▶│                              │  #4 text/plain, 412 bytes',
      '09:05:07.042  │                              │────────── MESSAGE ──────────▶│  #4 bob@contoso.example text/plain, 412 bytes',
      '09:05:07.042  │                              │◀──────── 480 MESSAGE ────────│  #4 bob@contoso.example Temporarily Unavailable, 412 bytes, Nobody is signed in',
      '09:05:07.042  │◀──────── 480 MESSAGE ────────│                              │  #4 Temporarily Unavailable, 412 bytes, Nobody is signed in',
    ]);
  });

  it('tells of what cannot be read', () => {
    expect(ladderRow(frame({ text: '' }))).toMatch(/─ unreadable ─+▶│ +│ {2}#4 412 bytes$/);
  });

  it('lets no peer steer the terminal', () => {
    const text = 'SIP/2.0 200 \u001b[2JOK\u202e\u009b\r\nCSeq: 1 BYE\r\nX: \u001b]0;title\u0007\r\n\r\n\tbody\r\n';
    const shown = ladderRow(frame({ text })) + wholeMessage(frame({ text })).replaceAll('\n', '');
    expect(shown).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(
      wholeMessage(frame({ text: request }))
        .split('\n')
        .slice(1),
    ).toEqual(request.split('\r\n').map((line) => (line === '' ? '' : `${' '.repeat(14)}${line}`)));
  });
});
