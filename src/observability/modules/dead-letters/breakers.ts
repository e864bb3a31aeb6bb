import { type Breaker, type BreakerOptions, type Caller, createBreaker } from './breaker.ts';
import { createFairShare } from './fair-share.ts';

export type Breakers = ReturnType<typeof createBreakers>;

interface Dependency {
  breaker: Breaker;
  share: ReturnType<typeof createFairShare>;
  /** The time of the last call, in milliseconds since 1970. `metAt` has the same for each source. */
  calledAt: number;
  metAt: Map<string, number>;
}

const recentMs = 60_000;
const isRecent = (at: number) => Date.now() - at < recentMs;

/** A breaker and a fair share for each dependency. Beyond `limit` the least recently called dependency is forgotten. */
export function createBreakers(options: Omit<BreakerOptions, 'dependency' | 'changed'>, limit = 100) {
  let listener = () => {};
  const changed = () => listener();
  /** In the order of their last calls, the oldest first. */
  const dependencies = new Map<string, Dependency>();
  const all = () => [...dependencies.values()];
  const isShared = () => all().filter(({ calledAt }) => isRecent(calledAt)).length > 1;

  function find(name: string): Dependency {
    const found = dependencies.get(name) ?? {
      breaker: createBreaker({ ...options, dependency: name, changed }),
      share: createFairShare(name),
      calledAt: 0,
      metAt: new Map(),
    };
    dependencies.delete(name);
    dependencies.set(name, found);
    const [longestUnused = name] = dependencies.keys();
    if (dependencies.size > limit) dependencies.delete(longestUnused);
    return found;
  }

  return {
    /** The listener is called when a breaker opens or closes. */
    onChange(called: () => void) {
      listener = called;
    },
    /**
     * The breakers of the dependencies that messages of the source called in the last minute. For a paused source the
     * minute starts when a probe is due, because a paused source makes no other calls.
     */
    metBy(source: string, { paused }: { paused: boolean }): Breaker[] {
      const isMet = ({ breaker, metAt }: Dependency) => {
        const at = metAt.get(source);
        return at !== undefined && isRecent(paused ? Math.max(at, breaker.probeAt()) : at);
      };
      return all()
        .filter(isMet)
        .map(({ breaker }) => breaker);
    },
    /**
     * The names of the dependencies that do not answer. A dependency whose next probe was due more than a minute ago is
     * left out, because no message has needed it since.
     */
    open: (): string[] =>
      all()
        .filter(({ breaker, calledAt }) => breaker.isOpen() && isRecent(Math.max(calledAt, breaker.probeAt())))
        .map(({ breaker }) => breaker.dependency),
    /**
     * Calls the dependency. Throws `DependencyUnavailable` without a call while its breaker is open or its share used
     * up.
     */
    async call<T>(name: string, caller: Caller & { source?: string }, run: () => Promise<T>): Promise<T> {
      const dependency = find(name);
      const { breaker, share } = dependency;
      dependency.calledAt = Date.now();
      if (caller.source !== undefined) dependency.metAt.set(caller.source, Date.now());
      breaker.leaveAlone();
      const execute = () => breaker.execute(caller, run);
      if (breaker.isOpen() || !isShared()) return execute();
      return share(() => {
        breaker.leaveAlone(); // it may have stopped answering while this call waited for its turn
        return execute();
      });
    },
  };
}
