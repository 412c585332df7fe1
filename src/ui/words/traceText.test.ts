import { expect, it } from 'vitest';
import { connectionFlows } from '../../testing/explained/connectionFlows';
import { peopleFlows } from '../../testing/explained/peopleFlows';
import { serverFlows } from '../../testing/explained/serverFlows';
import { TraceScript } from '../../testing/traceScript';
import { gistOf } from '../../trace/gist';
import { delayText, dialogTitle, gistText, laneDetail, messagesText, noteText, rowTitle, sizeText } from './traceText';

const nameOf = (address: string): string => address.split('@')[0] ?? address;

it('says of every message of the recorded flows what it is and what it is for', () => {
  for (const [, record] of [...connectionFlows, ...peopleFlows, ...serverFlows]) {
    const script = new TraceScript();
    record(script);
    const { rows, dialogs } = script.index();
    for (const row of rows) {
      const said = `${rowTitle(row)} ${row.dialog === null ? noteText(row) : gistText(gistOf(row), nameOf)}`;
      if (row.entry.kind === 'sip') expect(said).not.toMatch(/undefined|null|NaN|\[object/);
      expect(rowTitle(row)).not.toBe('');
    }
    for (const dialog of dialogs) expect(dialogTitle(dialog, nameOf)).toMatch(/^[A-Z]\w+/);
  }
});

it('names a dialog by what it is about, and a lane by its host', () => {
  expect(dialogTitle({ topic: 'im', peer: 'bob@contoso.example' }, nameOf)).toBe('IM with bob');
  expect(dialogTitle({ topic: 'roster', peer: '' }, nameOf)).toBe('Conference roster');
  expect(laneDetail({ role: 'server', host: 'fe1.contoso.example' })).toBe('fe1.contoso');
  expect(laneDetail({ role: 'server', host: '' })).toBe('Your server');
  expect(laneDetail({ role: 'proxy', host: '10.0.0.21' })).toBe('10.0.0.21');
  expect(laneDetail({ role: 'peer', host: '' })).toBe('Other person');
});

it('tells delays and sizes so that they can be compared', () => {
  expect([12, 4_280, 61_000, 600_000].map(delayText)).toEqual(['12 ms', '4.28 s', '61 s', '10 min']);
  expect([1, 100_000].map(messagesText)).toEqual(['1 message', '100,000 messages']);
  expect([900, 182_000, 4_100_000].map(sizeText)).toEqual(['1 KB', '182 KB', '4.1 MB']);
});
