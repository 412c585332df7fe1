import { describe, expect, it } from 'vitest';
import { TraceScript } from '../../testing/traceScript';
import { nextStep, peopleIn, stepsOf, stepsOfPerson } from './recording';

describe('the steps of a recording', () => {
  it('are messages and the connection, and nothing that was only noted', () => {
    const script = new TraceScript().note('state', 'open').note('ui', 'a note').note('ping', '\r\n\r\n');
    script.sends('OPTIONS', 'sip:contoso.example');
    expect(stepsOf(script.index().rows).map(({ entry }) => entry.seq)).toEqual([1, 4]);
  });

  it('of a person in a server’s log are those of their connections, seen from their end', () => {
    const script = new TraceScript();
    for (const name of ['bob', 'carol', 'bob']) {
      script.url = `10.0.0.${script.entries.length}:50000`;
      script.answers(script.gets('REGISTER', `sip:${name}@contoso.example`), 200, 'OK');
    }
    const { rows } = script.index();
    const people = peopleIn(rows);
    expect(people.map(({ address }) => address)).toEqual(['bob@contoso.example', 'carol@contoso.example']);
    const [bob] = people;
    if (bob === undefined) throw new Error('nobody');
    const steps = stepsOfPerson(rows, bob);
    expect(steps.map(({ entry }) => [entry.seq, entry.direction])).toEqual([
      [1, 'out'],
      [2, 'in'],
      [5, 'out'],
      [6, 'in'],
    ]);
  });

  it('are played in their time, silence cut and what comes together shown together', () => {
    const script = new TraceScript();
    for (const ms of [0, 10, 1_000, 60_000]) script.wait(ms).sends('OPTIONS', 'sip:contoso.example');
    const steps = script.index().rows;
    expect(nextStep(steps, 0, 1)).toEqual({ position: 2, waitMs: 60 });
    expect(nextStep(steps, 2, 1)).toEqual({ position: 3, waitMs: 1_000 });
    expect(nextStep(steps, 2, 4)).toEqual({ position: 3, waitMs: 250 });
    expect(nextStep(steps, 3, 16)).toEqual({ position: 4, waitMs: 2_000 });
  });
});
