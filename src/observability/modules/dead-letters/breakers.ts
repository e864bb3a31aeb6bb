import { type Breaker, type BreakerOptions, type Caller, createBreaker } from './breaker.ts';
import { createFairShare, type FairShare } from './fair-share.ts';

export type Breakers = ReturnType<typeof createBreakers>;

interface Dependency {
  breaker: Breaker;
  share: FairShare;
  /** In milliseconds since 1970; so are the times by source. */
  calledAt: number;
  metAt: Map<string, number>;
}

const recentMs = 60_000;
const isRecent = (at: number) => Date.now() - at < recentMs;

/** A breaker and a fair share for each dependency. Beyond `limit` the one that was not called for longest is forgotten. */
export function createBreakers(options: Omit<BreakerOptions, 'dependency' | 'changed'>, limit = 100) {
  const listeners: (() => void)[] = [];
  const changed = () => {
    for (const listener of listeners) listener();
  };
  /** In the order of their last calls. */
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
    onChange: (listener: () => void) => void listeners.push(listener),
    /** What messages of the source called in the last minute; a paused source calls nothing before a probe is due. */
    metBy(source: string, { paused }: { paused: boolean }): Breaker[] {
      const isMet = ({ breaker, metAt }: Dependency) => {
        const at = metAt.get(source);
        return at !== undefined && isRecent(paused ? Math.max(at, breaker.probeAt()) : at);
      };
      return all()
        .filter(isMet)
        .map(({ breaker }) => breaker);
    },
    /** The names of those that do not answer and that messages still need. */
    open: (): string[] =>
      all()
        .filter(({ breaker, calledAt }) => breaker.isOpen() && isRecent(Math.max(calledAt, breaker.probeAt())))
        .map(({ breaker }) => breaker.dependency),
    /** Throws `DependencyUnavailable`, without calling, while the dependency is left alone. */
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
