import { describe, expect, it } from 'vitest';
import { controlText } from './sharingText';

const tab = { sharer: 'Alice', surface: 'tab', canPoint: true, canZoom: false, hasControl: false } as const;
const never = 'No browser lets you click or type on another computer.';

describe('what control is', () => {
  it.each([
    ['nobody can zoom yet', tab, `You can point and draw. ${never} Zooming is up to Alice’s browser.`],
    [
      'the browser does not let it be zoomed',
      { ...tab, hasControl: true },
      `You can point and draw. ${never} Alice’s browser does not let you zoom the tab.`,
    ],
    ['it can be zoomed', { ...tab, hasControl: true, canZoom: true }, `You can point, draw and zoom. ${never}`],
    [
      'it is no tab',
      { ...tab, surface: 'desktop' as const },
      `You can point and draw. ${never} Only a browser tab can be zoomed from here.`,
    ],
    ['it is not told what it is', { ...tab, surface: null }, `You can point and draw. ${never}`],
    [
      'the other program knows none',
      { ...tab, canPoint: false },
      'Alice’s program shows nobody’s pointer, so there is no control to ask for.',
    ],
  ])('is told when %s', (_when, what, text) => {
    expect(controlText(what)).toBe(text);
  });
});
