import { postgresFeed } from "@alpes/shared/adapters/postgres/feed.ts";
import { type Database, openDatabase } from "@alpes/shared/adapters/postgres/database.ts";
import type { Outlet } from "@alpes/shared/adapters/postgres/emit.ts";
import { type PostgresInbox, postgresInbox } from "@alpes/shared/adapters/postgres/inbox.ts";
import { postgresMessageDesk } from "@alpes/shared/adapters/postgres/messaging_ops.ts";
import { startRelay } from "@alpes/shared/adapters/postgres/relay.ts";
import { startFolding } from "@alpes/shared/adapters/postgres/totals.ts";
import type { Catalogue } from "@alpes/shared/http/catalogue.ts";
import { logger } from "@alpes/shared/http/log.ts";
import type { Check } from "@alpes/shared/http/readiness.ts";
import type { Router } from "@alpes/shared/http/router.ts";
import type { ServiceConfig } from "@alpes/shared/http/settings.ts";
import { span } from "@alpes/shared/http/tracing.ts";
import { consume, type Subscription } from "@alpes/shared/seedwork/consumer.ts";
import type { NewId } from "@alpes/shared/seedwork/ids.ts";
import type { MessageBus } from "@alpes/shared/seedwork/messages.ts";
import { keepTrying } from "./keep_trying.ts";
import type { OpenBus } from "./open_bus.ts";

/** How rarely an idle relay looks that has nothing to do but what others have left, ms. */
const LEFT_OVER_MS = 2_000;

export type Modulo = "cliente" | "campanias" | "pagos";

/** What a module brings into a process, alone or beside others. */
export interface ServiceModule {
  readonly tag: { readonly name: string; readonly description: string };
  readonly catalogue: Catalogue;
  readonly mounts: readonly { readonly path: string; readonly router: Router }[];
  readonly subscriptions: readonly Subscription[];
  readonly checks?: readonly Check[];
}

/** What a process gives to each of its modules. Whatever a module opens goes into `resources`, closed in reverse. */
export interface ModulePorts {
  readonly config: ServiceConfig;
  readonly db: Database;
  readonly newId: NewId;
  /** What a unit of work of this process needs. */
  readonly uow: {
    readonly newId: NewId;
    readonly onCommit: (topics: ReadonlySet<string>) => void;
    readonly outlet: Outlet;
  };
  readonly resources: AsyncDisposableStack;
  /** Whether this module has the process for itself. */
  readonly alone: boolean;
}
export type OpenModule = (ports: ModulePorts) => Promise<ServiceModule>;

export interface ProcessPorts {
  readonly proceso: string;
  readonly config: ServiceConfig;
  readonly messaging: Database;
  readonly bus: OpenBus;
  readonly newId: NewId;
  readonly resources: AsyncDisposableStack;
  readonly onError: (error: unknown) => void;
}

/** Opens a module in a process: its pool, its relay, its change feed, its desk, and what it listens to. */
export async function openModule(modulo: Modulo, start: OpenModule, alone: boolean, p: ProcessPorts) {
  const { proceso, config, messaging, bus: { bus, committed }, newId, resources, onError } = p;
  const db = resources.use(
    openDatabase({
      url: config.DATABASE_URL,
      role: `alpes_${modulo}`,
      max: 16,
      name: proceso,
      onIdleError: onError,
    }),
  );
  resources.use(startFolding(db, modulo, onError));
  // Also beside a bus that needs none: it brings away what an older release, or a command line, has left.
  const idle = committed === null ? {} : { idleMs: LEFT_OVER_MS };
  const relay = resources.use(startRelay({ db: messaging, bus, modulo, traced: span, onError, ...idle }));
  const feed = postgresFeed(messaging, modulo);
  const uow = {
    newId,
    onCommit(topics: ReadonlySet<string>) {
      if (committed === null) relay.wake();
      else committed(topics);
      feed.wake();
    },
    outlet: committed === null ? "outbox" as const : "bus" as const,
  };
  const module = await start({ config, db, newId, uow, resources, alone });
  const inbox = postgresInbox(db, { onError });
  const desk = postgresMessageDesk(db, modulo, () => inbox.wake());
  // In the background: a database that is away must not keep the process from answering.
  for (const s of module.subscriptions) {
    resources.use(keepTrying(() => listen(modulo, s, bus, inbox), onError));
  }
  return { modulo, module, db, feed, desk };
}

const listen = (modulo: Modulo, s: Subscription, bus: MessageBus, inbox: PostgresInbox) =>
  consume({
    ...s,
    bus,
    inbox,
    modulo,
    traced: span,
    onFailure: ({ consumer, message, intento, parked, error }) =>
      logger(modulo).warn(parked ? "message parked" : "message failed, will be tried again", {
        consumidor: consumer,
        type: message.type,
        event_id: message.event_id,
        correlation_id: message.correlation_id,
        intento,
        error,
      }),
  });
