import type { TestStep, TestTableRequest, ValidateProfileRequest } from '@weir/wire/gen/weir/v1/schema.ts';
import type { SchemaServiceClients } from '@weir/wire/schema-service-clients.ts';

/** Tries connections: schema-service does it, never a process through which records go. */
export interface ConnectionTester {
  validateProfile(
    request: ValidateProfileRequest,
    tell: (step: TestStep) => void,
    signal: AbortSignal,
  ): Promise<void>;
  testTable(request: TestTableRequest, tell: (step: TestStep) => void, signal: AbortSignal): Promise<void>;
}

const asked = { purpose: 'the connection could not be tested', code: 'WEIR-7116' } as const;

export function schemaServiceTester(clients: SchemaServiceClients): ConnectionTester {
  return {
    validateProfile: (request, tell, signal) =>
      clients.follow(
        (client) => client.validateProfile(request),
        ({ step }) => step && tell(step),
        { ...asked, signal },
      ),
    testTable: (request, tell, signal) =>
      clients.follow(
        (client) => client.testTable(request),
        ({ step }) => step && tell(step),
        { ...asked, signal },
      ),
  };
}
