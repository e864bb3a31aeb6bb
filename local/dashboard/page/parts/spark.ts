import { html } from 'htm/preact';

/** A line of a few figures, without axes: only its shape is read. */
export function spark(values: readonly (number | null)[], token: string, { width = 160, height = 26 } = {}) {
  const known = values.map((value) => value ?? 0);
  if (known.length < 2) return html`<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" />`;
  const top = Math.max(...known);
  const y = (value: number) => height - 2 - (top > 0 ? (value / top) * (height - 5) : 0);
  const points = known.map((value, index) => `${round((index / (known.length - 1)) * width)} ${round(y(value))}`);
  const line = `M${points.join('L')}`;
  const stroke = `var(--${token})`;
  return html`<svg viewBox="0 0 ${width} ${height}" preserveAspectRatio="none" aria-hidden="true">
    <path d="${line}L${width} ${height}L0 ${height}Z" fill=${stroke} opacity=".14" />
    <path d=${line} fill="none" stroke=${stroke} stroke-width="1.5" vector-effect="non-scaling-stroke" />
  </svg>`;
}

const round = (value: number) => Math.round(value * 10) / 10;
