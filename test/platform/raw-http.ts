import { connect } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawConnection {
  send(text: string): void;
  /** Everything received so far. */
  text(): string;
  isClosed(): boolean;
  /** Stops and goes on reading. */
  pause(): void;
  resume(): void;
  /** Goes away without a word. */
  end(): void;
  closed: Promise<void>;
}

/** A socket without manners, for what `fetch` would never send and for looking at the connection itself. */
export async function rawConnection(port: number): Promise<RawConnection> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let isClosed = false;
  socket.setEncoding('latin1');
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      isClosed = true;
      resolve();
    });
  });
  onTestFinished(() => {
    socket.destroy();
  });
  await new Promise<void>((resolve) => {
    socket.once('connect', resolve);
  });
  return {
    send: (sent) => socket.write(sent, 'latin1'),
    text: () => text,
    isClosed: () => isClosed,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    end: () => socket.destroy(),
    closed,
  };
}
