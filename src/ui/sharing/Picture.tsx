import { type ReactNode, useEffect, useRef, useState } from 'react';

export type Fit = 'fit' | 'actual';

interface PictureProps {
  stream: MediaStream;
  label: string;
  fit: Fit;
  /** What we show ourselves is never heard. */
  isSilent: boolean;
  /** The browser plays no sound before somebody has pressed something. */
  onSoundRefused?(): void;
  /** Lies over the picture, exactly as large. */
  children?: ReactNode;
}

/** A shared picture with what is drawn over it: as large as there is room, or pixel by pixel. */
export function Picture({ stream, label, fit, isSilent, onSoundRefused, children }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const refused = useRef(onSoundRefused);
  refused.current = onSoundRefused;
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.srcObject = stream;
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  useEffect(() => {
    const element = video.current;
    if (element === null) return;
    element.muted = isSilent;
    element.play().catch((error: unknown) => {
      if (!(error instanceof Error) || error.name !== 'NotAllowedError') return;
      element.muted = true;
      refused.current?.();
      element.play().catch(() => undefined);
    });
  }, [isSilent]);
  const measure = (): void => {
    const element = video.current;
    if (element !== null) setSize({ width: element.videoWidth, height: element.videoHeight });
  };
  const { width, height } = size;
  const pixel = 1 / (video.current?.ownerDocument.defaultView?.devicePixelRatio ?? 1);
  const isKnown = width > 0 && height > 0;
  return (
    <div className={`picture picture--${fit}`}>
      <div
        className="picture__frame"
        style={
          isKnown
            ? {
                aspectRatio: `${width} / ${height}`,
                ...(fit === 'actual'
                  ? { width: width * pixel, height: height * pixel }
                  : { '--picture-ratio': width / height }),
              }
            : { visibility: 'hidden' }
        }
      >
        {/* biome-ignore lint/a11y/useMediaCaption: somebody's screen, live */}
        <video ref={video} aria-label={label} autoPlay playsInline onResize={measure} onLoadedMetadata={measure} />
        {isKnown && children}
      </div>
    </div>
  );
}
