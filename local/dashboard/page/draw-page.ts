import { html } from 'htm/preact';
import { type ComponentType, render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { problemIn } from './ask-server.ts';
import { startLive } from './live-changes.ts';
import { empty, problemBox } from './parts/notes.ts';
import { Shell } from './parts/shell.ts';
import { startKeys } from './parts/use-keys.ts';
import { startRouter, to, useAddress } from './router.ts';
import { startTheme } from './theme.ts';
import { type Route, routeOf } from './url-state.ts';

type Page = ComponentType<Record<string, unknown>>;

/** Each page is fetched when it is opened. */
const pages: Readonly<Record<Route['page'], () => Promise<unknown>>> = {
  overview: () => import('./pages/overview-page.ts').then(({ OverviewPage }) => OverviewPage),
  transactions: () => import('./pages/transactions-page.ts').then(({ TransactionsPage }) => TransactionsPage),
  transaction: () => import('./pages/transaction-page.ts').then(({ TransactionPage }) => TransactionPage),
  logs: () => import('./pages/logs-page.ts').then(({ LogsPage }) => LogsPage),
  queries: () => import('./pages/queries-page.ts').then(({ QueriesPage }) => QueriesPage),
  queues: () => import('./pages/queues-page.ts').then(({ QueuesPage }) => QueuesPage),
  alerts: () => import('./pages/alerts-page.ts').then(({ AlertsPage }) => AlertsPage),
  drills: () => import('./pages/drills-page.ts').then(({ DrillsPage }) => DrillsPage),
  drill: () => import('./pages/drill-page.ts').then(({ DrillPage }) => DrillPage),
  plan: () => import('./pages/plan-page.ts').then(({ PlanPage }) => PlanPage),
  send: () => import('./pages/send-page.ts').then(({ SendPage }) => SendPage),
  missing: async () => MissingPage,
};

const MissingPage = () => html`<${Shell} title="No such page">
  ${empty('There is no page here', `${location.pathname} is no address of this page.`, html`<a class="button" href=${to('/')}>Overview</a>`)}
<//>`;

/** The page of the address. The one before stays until the next is there, which then has the focus. */
function App() {
  const { path } = useAddress();
  const [shown, setShown] = useState<{ page?: Page; route?: Route; problem?: unknown }>({});
  useEffect(() => {
    let left = false;
    const route = routeOf(path);
    pages[route.page]()
      .then((page) => left || setShown({ page: page as Page, route }))
      .catch((problem: unknown) => left || setShown({ problem }));
    return () => {
      left = true;
    };
  }, [path]);
  const { page, route, problem } = shown;
  const isFirst = useRef(true);
  useEffect(() => {
    if (!route) return;
    if (!isFirst.current) document.getElementById('main')?.focus({ preventScroll: true });
    isFirst.current = false;
  }, [route]);
  if (problem !== undefined) return html`<${Shell} title="Not loaded">${problemBox(problemIn(problem))}<//>`;
  return page && route && html`<${page} key=${'id' in route ? route.id : route.page} ...${route} />`;
}

startTheme();
startRouter();
startKeys();
startLive();
render(html`<${App} />`, document.getElementById('app') as HTMLElement);
