/** The app as `serve` starts it, for whom everything that takes minutes takes a second or less, and who spares GitHub nothing unless told to. */
import { serve } from '../../src/cli/serve.ts'

await serve({
  role: 'all',
  isPatient: process.env.PATIENT === 'yes',
  silence: Number(process.env.SILENCE ?? 2_000),
  longestReview: 12_000,
  upkeepEvery: 1_500,
  deadline: 3_000,
  storage: {
    schema: process.env.SCHEMA,
    lease: 1_500,
    poll: 100,
    retry: { attempts: 6, first: 50, longest: 500 },
    debounce: { quiet: 20, longest: 200 },
  },
})
