/**
 * Runs one after the other. For settlements of different kinds on one link: rhea (3.0.5, under the SDK) compares the
 * outcomes of two neighbouring deliveries only from the third on, so of a completion and an abandon in one turn of the
 * event loop both arrive as completions, and the second message is gone.
 */
export function createOneAtATime(): <T>(run: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (run) => {
    const ended = last.then(run);
    last = ended.catch(() => {}); // whoever asked for it hears of it
    return ended;
  };
}
