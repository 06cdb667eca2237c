/** Trust in the authority of a test server, for the SDKs that can be told of none. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/**
 * For all connections of this process from now on, as NODE_EXTRA_CA_CERTS would.
 * @returns takes the trust back
 */
export function trust(ca: string): () => void {
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, ca]);
  return () => setDefaultCACertificates(before);
}
