/** Makes TLS clients of this process trust the development CA, as NODE_EXTRA_CA_CERTS does for a child. */
import { getCACertificates, setDefaultCACertificates } from 'node:tls';

/** Adds to what is trusted already; repeating it changes nothing. Clients with a `ca` of their own are not affected. */
export function trustDevCa(ca: string): void {
  const trusted = getCACertificates('default');
  if (!trusted.some((certificate) => certificate.trim() === ca.trim())) setDefaultCACertificates([...trusted, ca]);
}
