import { localQueue } from '@mate-bench/store'
import { createApi } from './create-api.ts'
import { limitsFromEnvironment } from './limits.ts'
import { openApiDocument } from './openapi-document.ts'

/** The OpenAPI document alone: nothing is opened, nothing can be asked. */
export function describedApi() {
  const nowhere = async () => {
    throw new Error('This API is only described.')
  }
  const app = createApi({
    db: nowhere,
    artifacts: nowhere,
    launcher: localQueue,
    clock: () => new Date(0),
    limits: limitsFromEnvironment({}),
    trustedProxy: { kind: 'none' },
    onError: () => {},
  })
  return openApiDocument(app)
}
