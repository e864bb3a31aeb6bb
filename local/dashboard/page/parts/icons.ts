import { html } from 'htm/preact';

/** Lines of 16 by 16 in the colour of the text. */
const paths: Readonly<Record<string, string>> = {
  overview: 'M1.5 13.5h4v-4h4v-4h4v-3',
  transactions: 'M2 3.5h6M5 7h7M5 10.5h5M9 13.5h5',
  logs: 'M2.5 3.5h11M2.5 6.5h8M2.5 9.5h11M2.5 12.5h6',
  queries: 'M2.5 4l4 4-4 4M8 12.5h5.5',
  queues: 'M2 3h12v4H2zM2 9h12v4H2zM4.5 5h7M4.5 11h7',
  send: 'M8 10.5V2.5M4.5 6L8 2.5 11.5 6M2.5 10v3.5h11V10',
  alerts: 'M3.5 11.5h9c-1-1-1.3-2-1.3-4.5a3.2 3.2 0 0 0-6.4 0c0 2.5-.3 3.5-1.3 4.5zM6.8 13.5h2.4',
  drills: 'M9 1.5L3.5 9H8l-1 5.5L12.5 7H8z',
  plan: 'M2 2.5h4.5v4.5H2zM9.5 9H14v4.5H9.5zM6.5 4.75h5.25V9',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM10.3 10.3l3.5 3.5',
  clock: 'M8 1.75a6.25 6.25 0 1 0 0 12.5 6.25 6.25 0 0 0 0-12.5zM8 4.5V8l2.5 1.5',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.2v1.6M8 13.2v1.6M1.2 8h1.6M13.2 8h1.6M3.2 3.2l1.1 1.1M11.7 11.7l1.1 1.1M3.2 12.8l1.1-1.1M11.7 4.3l1.1-1.1',
  more: 'M3 8h.01M8 8h.01M13 8h.01',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  link: 'M6.5 9.5l3-3M7.5 4.5l1.7-1.7a2.8 2.8 0 0 1 4 4L11.5 8.5M8.5 11.5l-1.7 1.7a2.8 2.8 0 0 1-4-4L4.5 7.5',
  right: 'M6 3.5L10.5 8 6 12.5',
  down: 'M3.5 6L8 10.5 12.5 6',
  left: 'M10 3.5L5.5 8l4.5 4.5',
  run: 'M4.5 3v10l8-5z',
  replay: 'M3 8a5 5 0 1 0 1.8-3.9M5 1.5v3h3',
  bin: 'M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9M6.8 7v4M9.2 7v4',
  table: 'M2 3h12v10H2zM2 6.5h12M2 10h12M6.5 6.5V13',
  chart: 'M2 2.5v11h12M4 10.5l3-3.5 2.5 2L14 4.5',
  plus: 'M8 3v10M3 8h10',
};

/** A drawing beside a word; by itself it says nothing to a reader that cannot see it. */
export const icon = (name: string, size = 16) => html`<svg
  width=${size}
  height=${size}
  viewBox="0 0 16 16"
  fill="none"
  stroke="currentColor"
  stroke-width=${name === 'more' ? 2.4 : 1.5}
  stroke-linejoin="round"
  stroke-linecap=${name === 'more' ? 'round' : 'butt'}
  aria-hidden="true"
>
  <path d=${paths[name] ?? ''} />
</svg>`;
