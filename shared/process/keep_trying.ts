/** Starts something that needs what may be away, again and again (100 ms to 5 s apart) until it stands. */
export function keepTrying(
  start: () => Promise<AsyncDisposable>,
  onError: (e: unknown) => void,
): AsyncDisposable {
  const stop = Promise.withResolvers<void>();
  let stopped = false;
  const started = (async () => {
    for (let wait = 100; !stopped; wait = Math.min(wait * 2, 5_000)) {
      try {
        return await start();
      } catch (e) {
        onError(e);
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const rest = new Promise<void>((resolve) => timer = setTimeout(resolve, wait));
      await Promise.race([rest, stop.promise]);
      clearTimeout(timer);
    }
    return null;
  })();
  return {
    async [Symbol.asyncDispose]() {
      stopped = true;
      stop.resolve();
      await (await started)?.[Symbol.asyncDispose]();
    },
  };
}
