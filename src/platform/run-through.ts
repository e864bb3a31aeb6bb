type Middleware<Subject, Answer> = (subject: Subject, next: () => Promise<Answer>) => Promise<Answer>;

/** Runs `innermost` inside the middlewares, the first of them outermost. Each may call its `next` again. */
export const runThrough = <Subject, Answer>(
  middlewares: readonly Middleware<Subject, Answer>[],
  subject: Subject,
  innermost: () => Promise<Answer>,
): Promise<Answer> =>
  middlewares.reduceRight<() => Promise<Answer>>((next, middleware) => () => middleware(subject, next), innermost)();
