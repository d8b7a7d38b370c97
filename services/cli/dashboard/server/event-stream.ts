import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FeedMessage } from './live-feed';

/** A tab that is told what happens. */
interface EventStream {
  readonly send: (message: FeedMessage) => void;
  /** Runs once, when the tab has gone. */
  onEnd(end: () => void): void;
}

const commentMilliseconds = 15_000;
/** A tab that has so much unread does not read: it is let go, and comes back by itself. */
const unreadBytesAtMost = 16_000_000;

/**
 * Keeps an answer open as server-sent events.
 * https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export function openEventStream(request: IncomingMessage, response: ServerResponse): EventStream {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.write('retry: 3000\n\n');
  const comments = setInterval(() => response.write(':\n\n'), commentMilliseconds);
  request.once('close', () => clearInterval(comments));
  return {
    send: ({ kind, data }) => {
      if (response.writableLength > unreadBytesAtMost) response.destroy();
      else response.write(`event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`);
    },
    onEnd: (end) => {
      request.once('close', end);
    },
  };
}
