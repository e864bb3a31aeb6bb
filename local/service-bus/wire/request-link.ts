import rhea, { type EventContext, type Message, type Receiver, type Sender, type Session } from 'rhea';
import type { Guard } from './frame-guard.ts';
import { answerFlow, attachReply } from './rhea-internals.ts';

const SETTLED = 1;

/** A request as the SDK sends it to `$cbs` or `$management`. */
export interface Request {
  readonly operation: string;
  readonly body: unknown;
}

/** Body and application properties of the answer; `undefined` answers nothing at all. */
export type Answer = { readonly properties: Readonly<Record<string, unknown>>; readonly body?: unknown } | undefined;

export interface RequestLinkOptions {
  receiver: Receiver;
  guard: Guard;
  handle(request: Request): Answer;
}

/** Answers requests on the link of the same session whose name or target is the request's `reply-to`. */
export function openRequestLink({ receiver, guard, handle }: RequestLinkOptions): void {
  receiver.on(
    'message',
    guard(receiver, ({ delivery, message }: EventContext) => {
      // Bytes, because `keepBytes` was applied to the session; rhea's types know decoded messages only.
      const request = rhea.message.decode(message as unknown as Buffer) as Partial<Message>;
      delivery?.accept();
      const operation = String(request.application_properties?.operation ?? '');
      const answer = handle({ operation, body: request.body });
      if (!answer || receiver.session === undefined) return;
      const { properties, body } = answer;
      findReplyLink(receiver.session, request.reply_to)?.send({
        correlation_id: request.message_id,
        application_properties: properties,
        body: body ?? null,
      } as Message);
    }),
  );
}

/** Prepares a link on which answers go out settled: each frees its slot at once and leaves the client nothing to send. */
export function openReplyLink(sender: Sender): void {
  attachReply(sender).snd_settle_mode = SETTLED;
  sender.once('sender_flow', () => answerFlow(sender));
}

function findReplyLink(session: Session, replyTo: string | undefined): Sender | undefined {
  return session.find_sender((link: Sender) => link.name === replyTo || link.target?.address === replyTo);
}
