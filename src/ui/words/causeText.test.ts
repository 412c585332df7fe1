import { describe, expect, it } from 'vitest';
import { connectionFlows } from '../../testing/explained/connectionFlows';
import { peopleFlows } from '../../testing/explained/peopleFlows';
import { serverFlows } from '../../testing/explained/serverFlows';
import { TraceScript } from '../../testing/traceScript';
import { explanationsOf, verdictOf } from '../../trace/explain/explain';
import { causeText } from './causeText';

const names: Readonly<Record<string, string>> = { 'bob@contoso.example': 'Bob', 'noor@litware.example': 'Noor' };
const nameOf = (address: string): string => names[address] ?? address;

const said = [...connectionFlows, ...peopleFlows, ...serverFlows].flatMap(([, record]) => {
  const script = new TraceScript();
  record(script);
  return explanationsOf(script.index().rows).map((explanation) => ({
    cause: explanation.cause,
    text: causeText(verdictOf(explanation), nameOf),
  }));
});

describe('explanations in words', () => {
  it('say what happened without a code, why, and what to do', () => {
    for (const { cause, text } of said) {
      const { title, why, todo, owner } = text;
      expect(title, cause).toMatch(/^(?:[A-Z“]|[\w.-]+\.example )[^!]*[^.!?\s]$/);
      expect(title, cause).not.toMatch(/\b\d{3,}\b/);
      expect(why, cause).toMatch(/^(?:[A-Z“]|[\w.-]+\.example(?::\d+)? |x |[\d.:]+ ).*[.”]$/);
      expect(todo.length, cause).toBeGreaterThan(0);
      for (const step of todo) expect(step, cause).toMatch(/^[A-Z].*[.”]$/);
      expect(owner, cause).toMatch(/^[A-Z].*\.$/);
      expect(`${title} ${why} ${todo.join(' ')}`, cause).not.toMatch(/undefined|null|NaN|\s{2}|!/);
    }
  });

  it('name who it is about, and what the server said', () => {
    const textOf = (cause: string) => said.find((one) => one.cause === cause)?.text;
    expect(textOf('domainNotFound')).toEqual({
      title: 'litware.example could not be found, so Noor was never reached',
      why: 'fe1.contoso.example asked DNS where litware.example accepts messages (SRV record _sipfederationtls._tcp) and got no answer it could use.',
      todo: [
        'Check the address of Noor.',
        'Ask an administrator of litware.example whether the record exists.',
        'If it was published lately, try again when the old answer has expired.',
      ],
      owner: 'It is for the other organization’s administrator.',
    });
    expect(textOf('doNotDisturb')?.title).toBe('Bob does not want to be disturbed');
    expect(textOf('clockWrong')?.why).toContain('differs');
    expect(textOf('contentForbidden')?.why).toContain('It says: “Message contents not allowed by policy”.');
  });
});
