/** The published schema is the one that validates; `npx vitest run test/config/json-schema.test.ts -u` writes it anew. */
import { expect, it } from 'vitest'
import { configurationJsonSchema } from '../../src/config/configuration.ts'

it('is published as it is', async () => {
  const text = `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`
  await expect(text).toMatchFileSnapshot('../../.github/celery-review.schema.json')
})
