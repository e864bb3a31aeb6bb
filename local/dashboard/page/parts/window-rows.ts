import { useEffect, useState } from 'preact/hooks';

const OVERSCAN = 8;

/** The rows of a list that are drawn: those in sight, and some more. */
export interface RowWindow {
  first: number;
  last: number;
}

/** Of rows of one height, those that a box shows; `head` pixels at its top are no rows. */
export function rowsInSight(
  { scrollTop, clientHeight }: { scrollTop: number; clientHeight: number },
  { count, height, head = 0 }: { count: number; height: number; head?: number },
): RowWindow {
  const first = Math.floor((scrollTop - head) / height) - OVERSCAN;
  const last = Math.ceil((scrollTop + clientHeight - head) / height) + OVERSCAN;
  return { first: Math.max(0, Math.min(first, count)), last: Math.max(0, Math.min(last, count)) };
}

/** Follows the scrolling of a box, at most once a picture. */
export function useRowWindow(
  box: { current: HTMLElement | null },
  rows: { count: number; height: number; head?: number },
): RowWindow {
  const { count, height, head = 0 } = rows;
  const [place, setPlace] = useState({ scrollTop: 0, clientHeight: 800 });
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let frame = 0;
    const look = () => {
      frame = 0;
      const { scrollTop, clientHeight } = element;
      setPlace((before) =>
        Math.abs(before.scrollTop - scrollTop) < height && before.clientHeight === clientHeight
          ? before
          : { scrollTop, clientHeight },
      );
    };
    const later = () => {
      frame ||= requestAnimationFrame(look);
    };
    const sizes = new ResizeObserver(later);
    sizes.observe(element);
    element.addEventListener('scroll', later, { passive: true });
    look();
    return () => {
      cancelAnimationFrame(frame);
      sizes.disconnect();
      element.removeEventListener('scroll', later);
    };
  }, [height]);
  return rowsInSight(place, { count, height, head });
}

/** Scrolls a box no further than needed to show a row. */
export function showRow(
  element: HTMLElement | null,
  index: number,
  { height, head = 0 }: { height: number; head?: number },
): void {
  if (!element) return;
  const top = index * height;
  const bottom = top + height + head;
  if (top < element.scrollTop) element.scrollTop = top;
  else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
}
