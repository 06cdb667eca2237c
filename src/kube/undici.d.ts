/**
 * The two modules of undici that this program needs. Its index loads all of them (fetch, WebSocket, caches, mocks):
 * 38 ms and 14 MB more.
 */
declare module 'undici/lib/dispatcher/pool.js' {
  import type { Pool } from 'undici';

  const constructor: typeof Pool;
  export default constructor;
}

declare module 'undici/lib/core/connect.js' {
  import type { buildConnector } from 'undici';

  const build: typeof buildConnector;
  export default build;
}
