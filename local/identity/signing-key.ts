/** The key pair with which one identity signs its tokens; its public half is what verifiers and the key document get. */
import type { webcrypto } from 'node:crypto';
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';

export interface SigningKey {
  /** The `kid` of its tokens: the thumbprint of the public key (RFC 7638). */
  readonly id: string;
  readonly privateKey: webcrypto.CryptoKey;
  readonly publicKey: webcrypto.CryptoKey;
  /** An entry of the key document. */
  readonly publicJwk: JWK;
}

/** RSA with 2048 bits for RS256, as the tokens of Entra ID. */
export async function createSigningKey(): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = await exportJWK(publicKey);
  const id = await calculateJwkThumbprint(jwk);
  return { id, privateKey, publicKey, publicJwk: { ...jwk, kid: id, use: 'sig', alg: 'RS256' } };
}
