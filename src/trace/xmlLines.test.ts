import { expect, it } from 'vitest';
import { parseXml } from '../protocol/xml';
import { xmlLines } from './xmlLines';

it('lays a document out as a tree, an element a line', () => {
  const lines = xmlLines(parseXml('<a><b>text</b><c><d/></c></a>', 'test'));
  const shown = lines.map(
    ({ depth, element, opens, closes }) => `${depth} ${opens ? '<' : ''}${element.name}${closes ? '>' : ''}`,
  );
  expect(shown).toEqual(['0 <a', '1 <b>', '1 <c', '2 <d>', '1 c>', '0 a>']);
});
