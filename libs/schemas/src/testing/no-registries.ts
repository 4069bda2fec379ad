import type { RegistryPool } from '../registry/registry-pool.ts';

/** For tests whose tables name no registry. */
export const noRegistries: Pick<RegistryPool, 'client'> = {
  async client() {
    throw new Error('this test has no registry');
  },
};
