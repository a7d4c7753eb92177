import { describe, expect, it } from 'vitest'
import type { Analyse, AnalysisInput } from '../../src/app/analysis/analyse.ts'
import { AnalysisFailure } from '../../src/app/analysis/failure.ts'
import { createMetrics } from '../../src/app/metrics.ts'
import type { Database } from '../../src/database/database.ts'
import { GitHubFailure } from '../../src/github/failure.ts'

const queue = [{ waiting: 0, running: 0, dead: 0, since: null }]
const database = { query: async () => queue } as unknown as Database
const create = () => createMetrics(database, Date.now)

describe('metrics', () => {
  it('bound the number of installations that have a series of their own', async () => {
    const metrics = create()
    for (let id = 1; id <= 300; id++) {
      metrics.onAnswer({ installation: String(id), answer: 'ok', remaining: id, resource: 'core' })
    }
    metrics.onAnswer({ installation: '7', answer: 'refused', remaining: 6, resource: 'graphql' })
    const lines = (await metrics.read()).split('\n')
    expect(lines).toContain('celery_review_github_requests_total{installation="other",answer="ok"} 100')
    expect(lines).toContain('celery_review_github_requests_total{installation="7",answer="refused"} 1')
    expect(lines).toContain('celery_review_github_remaining_requests{installation="7",resource="core"} 7')
    expect(lines).toContain('celery_review_github_remaining_requests{installation="7",resource="graphql"} 6')
    expect(lines.filter((line) => line.startsWith('celery_review_github_remaining_requests{'))).toHaveLength(201)
  })

  it.each([
    ['time', new AnalysisFailure('time', 'took too long')],
    ['memory', new AnalysisFailure('memory', 'took too much')],
    ['unread', new GitHubFailure({ kind: 'gone' }, 'is gone')],
    ['crash', new TypeError('oops')],
  ])('tell how an analysis failed: %s', async (end, error) => {
    const metrics = create()
    const analyse: Analyse = () => Promise.reject(error)
    await expect(metrics.watch(analyse)({} as AnalysisInput)).rejects.toBe(error)
    expect(await metrics.read()).toContain(`celery_review_analysis_seconds_count{end="${end}"} 1`)
  })
})
