import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { WeirError } from '@weir/kernel/errors.ts';
import type { SecretRecord, SecretValue } from './secret-record.ts';

const algorithm = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

interface SecretKey {
  /** First 8 hexadecimal digits of its SHA-256: says which key it is, and nothing of it. */
  readonly id: string;
  readonly key: Buffer;
}

/**
 * The keys with which secrets are sealed before they are stored. The first seals; all open, so that keys can be changed. Without any, secrets
 * are stored as they are: who reads the store reads them.
 */
export class SecretKeys {
  readonly #keys: readonly SecretKey[];

  /**
   * @param setting `WEIR_SECRET_KEY`: 32 bytes as base64 or 64 hexadecimal digits, several by comma; undefined: none
   * @throws WeirError WEIR-3602 for anything else
   */
  constructor(setting?: string) {
    const texts = (setting ?? '').split(',').map((text) => text.trim());
    this.#keys = texts.filter((text) => text !== '').map(readKey);
  }

  get seals(): boolean {
    return this.#keys.length > 0;
  }

  /** @param id of the record that it goes into: it opens in no other */
  seal(id: string, text: string): SecretValue {
    const [first] = this.#keys;
    if (first === undefined) return { plain: text };
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, first.key, nonce).setAAD(Buffer.from(id));
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
    return {
      alg: algorithm,
      keyId: first.id,
      nonce: nonce.toString('base64'),
      data: data.toString('base64'),
    };
  }

  /** @throws WeirError WEIR-3602 when it was sealed with a key that this process doesn't have, or was changed since */
  open({ id, value }: SecretRecord): string {
    if ('plain' in value) return value.plain;
    const key = this.#keys.find((each) => each.id === value.keyId);
    if (key === undefined) {
      throw new WeirError(
        'WEIR-3602',
        `a stored secret was sealed with the key ${value.keyId}, which this process doesn't have`,
        {
          hint: 'give every process of the cluster the same WEIR_SECRET_KEY; a former key may stand behind the new one, after a comma',
        },
      );
    }
    try {
      const data = Buffer.from(value.data, 'base64');
      const decipher = createDecipheriv(algorithm, key.key, Buffer.from(value.nonce, 'base64'), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(id)).setAuthTag(data.subarray(data.length - tagBytes));
      return (
        decipher.update(data.subarray(0, data.length - tagBytes), undefined, 'utf8') + decipher.final('utf8')
      );
    } catch {
      throw new WeirError('WEIR-3602', `the stored secret ${id} was changed since it was sealed`, {
        hint: 'set the secret again',
      });
    }
  }
}

function readKey(text: string): SecretKey {
  const isHex = /^[0-9a-f]{64}$/i.test(text);
  const key = Buffer.from(text, isHex ? 'hex' : 'base64');
  const isBase64 = /^[A-Za-z0-9+/_-]{43}=?$/.test(text);
  if (key.length !== keyBytes || (!isHex && !isBase64)) {
    throw new WeirError('WEIR-3602', `WEIR_SECRET_KEY is no key of ${keyBytes} bytes`, {
      hint: 'make one: openssl rand -base64 32',
    });
  }
  return { id: createHash('sha256').update(key).digest('hex').slice(0, 8), key };
}
