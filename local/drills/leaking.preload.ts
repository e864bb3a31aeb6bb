/** Loaded into the service: it holds 100 MB more every second, up to 1 GB, as a leak does. */
const held: Buffer[] = [];
setInterval(() => {
  if (held.length < 10) held.push(Buffer.alloc(100_000_000, 1));
}, 1_000).unref();
