/** `simulate` from end to end, on a repository that the app does not know and on one that it does. */
import { describe, expect, it } from 'vitest'
import { reviewOnSimulator } from '../../src/cli/review-on-simulator.ts'
import { simulate } from '../../src/cli/simulate.ts'
import { TemporaryRepository } from '../git/temporary-repository.ts'

const task = (n: number) => `
from celery import shared_task


@shared_task
def count_${n}(number):
    return number + ${n}
`

/** Two hundred files of tasks, a change of Python, one of something else, and a pull request of ten files. */
function shop() {
  const repository = new TemporaryRepository()
  const tasks = Array.from({ length: 200 }, (_, n): [string, string] => [`shop/part_${n}/tasks.py`, task(n)])
  repository.commit(Object.fromEntries(tasks))
  repository.commit({ 'shop/part_3/tasks.py': task(333) })
  const base = repository.commit({ 'README.md': 'The shop.\n' })
  const changed = tasks.slice(0, 10).map(([path, text], n) => [path, `${text}\n\ncount_${n}.delay(object())\n`])
  const schedule = 'from celery.schedules import crontab\n\nNIGHTLY = crontab(hour=3)\n'
  const head = repository.commit({ ...Object.fromEntries(changed), 'shop/settings.py': schedule })
  return { gitDir: repository.gitDir, base, head }
}

const resources = ({ requests }: { requests: readonly { method: string; path: string }[] }) =>
  requests.map(({ method, path }) => `${method} ${/access_tokens|graphql|[a-z-]+(?=\/[^/]*$)|reviews/.exec(path)?.[0]}`)

describe('simulate', () => {
  it('asks for a whole repository that is new', async () => {
    const simulation = await simulate({ ...shop(), isWarm: false })
    expect(simulation.reviews).toHaveLength(1)
    expect(resources(simulation)).toContain('GET tarball')
    expect(simulation).toMatchObject({ writes: 3, rejected: 0 })
  })

  it('asks for no more than the change where the repository is known, and shows nothing of how it came to be', async () => {
    const simulation = await simulate({ ...shop(), isWarm: true })
    expect(simulation.requests.length).toBeLessThanOrEqual(8)
    expect(simulation).toMatchObject({ writes: 3, rejected: 0 })
    expect(resources(simulation)).not.toContain('GET tarball')
    expect(simulation.reviews).toHaveLength(1)
    expect(simulation.checkRuns).toHaveLength(1)
  })

  it('asks at once for what came to a known repository since', async () => {
    const repository = new TemporaryRepository()
    const tasks = Array.from({ length: 120 }, (_, n): [string, string] => [`shop/part_${n}/tasks.py`, task(n)])
    const first = repository.commit({ 'README.md': 'The shop.\n' })
    const second = repository.commit(Object.fromEntries(tasks))
    const base = repository.commit(Object.fromEntries(tasks.slice(0, 50).map(([path], n) => [path, task(1000 + n)])))
    const head = repository.commit({ 'shop/part_50/tasks.py': `${task(50)}\n\ncount_50.delay(object())\n` })
    const { github, requests } = await reviewOnSimulator({
      gitDir: repository.gitDir,
      base,
      head,
      earlier: { base: first, head: second },
      referencesUrl: 'https://docs.test',
    })
    await github.close()
    expect(requests.filter(({ path }) => path === '/graphql')).toHaveLength(2)
    expect(requests).toHaveLength(6)
  })

  it('takes the way back where the base contains the head, as diff does', async () => {
    const { gitDir, base } = shop()
    const { reviews, checkRuns } = await simulate({ gitDir, base: 'main', head: base, isWarm: false })
    expect(reviews).toEqual([])
    expect(checkRuns).toMatchObject([{ conclusion: 'success', output: { title: 'No findings' } }])
  })

  it('says so where nothing was there before that could be known', async () => {
    const repository = new TemporaryRepository()
    const base = repository.commit({ 'README.md': 'The shop.\n' })
    const head = repository.commit({ 'tasks.py': task(1) })
    const asked = simulate({ gitDir: repository.gitDir, base, head, isWarm: true })
    await expect(asked).rejects.toThrow('no earlier change of Python to warm up with')
  })
})
