import { afterEach, describe, expect, it, vi } from 'vitest';
import { capture } from './capture';

afterEach(() => vi.unstubAllGlobals());

function browser(getDisplayMedia: ((options: Record<string, unknown>) => Promise<unknown>) | undefined): void {
  vi.stubGlobal('navigator', { mediaDevices: getDisplayMedia === undefined ? undefined : { getDisplayMedia } });
}

const track = (settings: object) => ({ kind: 'video', contentHint: '', getSettings: () => settings, stop: vi.fn() });
const streamOf = (video: object, audio: object[] = []) => {
  return { getVideoTracks: () => [video], getAudioTracks: () => audio, getTracks: () => [video, ...audio] };
};

describe('capturing', () => {
  it.each([
    ['desktop', 'monitor', false, 'include'],
    ['program', 'window', false, 'exclude'],
    ['tab', 'browser', true, 'exclude'],
  ] as const)('asks the browser for a %s, and for sound where a tab has it', async (surface, hint, audio, monitors) => {
    let asked: Record<string, unknown> = {};
    const video = track({ displaySurface: hint });
    browser(async (options) => {
      asked = options;
      return streamOf(video);
    });
    const outcome = await capture(surface);
    expect(outcome).toMatchObject({ ok: true, value: { surface, audio: null, controller: null } });
    expect(asked).toMatchObject({
      video: { displaySurface: hint },
      audio,
      monitorTypeSurfaces: monitors,
      selfBrowserSurface: 'exclude',
    });
    expect(video.contentHint).toBe('detail');
  });

  it('takes what the person chose, whatever was asked for', async () => {
    browser(async () => streamOf(track({ displaySurface: 'browser' })));
    expect(await capture('program')).toMatchObject({ ok: true, value: { surface: 'tab' } });
  });

  it.each([
    ['the person', 'NotAllowedError', 'Permission denied', { is: 'cancelled' }],
    ['the system', 'NotAllowedError', 'Permission denied by system', { is: 'unsupported' }],
    ['the device', 'NotReadableError', 'Could not start video source', { is: 'unsupported' }],
  ])('says what %s would not do', async (_who, name, message, failure) => {
    browser(() => Promise.reject(Object.assign(new Error(message), { name })));
    expect(await capture('desktop')).toMatchObject({ ok: false, failure });
  });

  it('says that a browser cannot', async () => {
    browser(undefined);
    expect(await capture('desktop')).toMatchObject({ ok: false, failure: { is: 'unsupported' } });
  });

  it('stays where the person is', async () => {
    const setFocusBehavior = vi.fn();
    vi.stubGlobal(
      'CaptureController',
      class {
        setFocusBehavior = setFocusBehavior;
      },
    );
    let controller: unknown;
    browser(async (options) => {
      controller = options.controller;
      return streamOf(track({ displaySurface: 'browser' }));
    });
    const outcome = await capture('tab');
    expect(setFocusBehavior).toHaveBeenCalledWith('no-focus-change');
    expect(outcome.ok && outcome.value.controller).toBe(controller);
  });
});
