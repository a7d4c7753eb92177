/** Owns the proof that an adapter of the store holds what `src/store/review-store.ts` promises. Every adapter runs it. */
import { describe, expect, test } from 'vitest'
import type { PullRef, PullState, ReviewStore } from '../../src/store/review-store.ts'
import { unknownPull } from '../../src/store/review-store.ts'

const pull: PullRef = { installationId: 1, repositoryId: 7, number: 3 }

const full: PullState = {
  mutes: [
    { rule: 'result-get-in-task', by: 'bob', at: 1 },
    {
      rule: 'task-without-ignore-result',
      fingerprints: ['a', 'b'],
      reason: 'we "know" \u2028 `it` 🙂',
      by: 'eve',
      at: 2,
    },
  ],
  pause: { by: 'bob', at: 3 },
  said: ['a', 'b', 'ü'],
  openChecks: [{ id: 9_007_199_254_740_991, head: 'f00d', at: 4 }],
  settledHead: 'f00d',
}

/** @param make makes an empty store; `now` is the clock that it must ask */
export function describeReviewStore(
  name: string,
  make: (now: () => number) => ReviewStore | Promise<ReviewStore>,
): void {
  describe(name, () => {
    test('knows nothing of a pull request that it never heard of', async () => {
      const store = await make(() => 0)
      expect(await store.read(pull)).toEqual(unknownPull)
    })

    test('gives back what was stored', async () => {
      const store = await make(() => 0)
      expect(await store.change(pull, () => full)).toEqual(full)
      expect(await store.read(pull)).toEqual(full)
      const { pause, settledHead, ...rest } = full
      expect(await store.change(pull, () => rest)).toEqual(rest)
      expect(await store.read(pull)).toEqual(rest)
    })

    test('shows a change the state that the last one left', async () => {
      const store = await make(() => 0)
      await store.change(pull, (state) => ({ ...state, said: ['a'] }))
      await store.change(pull, (state) => ({ ...state, said: [...state.said, 'b'] }))
      expect((await store.read(pull)).said).toEqual(['a', 'b'])
    })

    test('loses none of the changes that are made at once', async () => {
      const store = await make(() => 0)
      const names = Array.from({ length: 50 }, (_, n) => `finding ${n}`)
      await Promise.all(names.map((one) => store.change(pull, (state) => ({ ...state, said: [...state.said, one] }))))
      expect([...(await store.read(pull)).said].sort()).toEqual([...names].sort())
    })

    test('stores nothing of a change that throws', async () => {
      const store = await make(() => 0)
      await store.change(pull, () => full)
      const change = store.change(pull, () => {
        throw new Error('cannot')
      })
      await expect(change).rejects.toThrow('cannot')
      expect(await store.read(pull)).toEqual(full)
      expect(await store.change(pull, (state) => ({ ...state, said: [] }))).toMatchObject({ said: [] })
    })

    test('keeps pull requests apart by repository and number', async () => {
      const store = await make(() => 0)
      await store.change(pull, () => full)
      expect(await store.read({ ...pull, number: 4 })).toEqual(unknownPull)
      expect(await store.read({ ...pull, repositoryId: 8 })).toEqual(unknownPull)
    })

    test('gives away nothing of its own', async () => {
      const store = await make(() => 0)
      const said = ['a']
      const answered = await store.change(pull, () => ({ ...unknownPull, said }))
      said.push('b')
      ;(answered.said as string[]).push('c')
      ;((await store.read(pull)).said as string[]).push('d')
      expect((await store.read(pull)).said).toEqual(['a'])
    })

    test('keeps what it knows when the repository moves to another installation', async () => {
      const store = await make(() => 0)
      await store.change(pull, () => full)
      const moved = { ...pull, installationId: 2 }
      expect(await store.read(moved)).toEqual(full)
      await store.change(moved, (state) => state)
      await store.forgetInstallation(1)
      expect(await store.read(moved)).toEqual(full)
      await store.forgetInstallation(2)
      expect(await store.read(moved)).toEqual(unknownPull)
    })

    test('lists the check runs that were left open, oldest first', async () => {
      const store = await make(() => 0)
      const other = { ...pull, number: 4 }
      const opened = (id: number, at: number) => ({ id, head: 'f00d', at })
      await store.change(pull, (state) => ({ ...state, openChecks: [opened(1, 30), opened(2, 10)] }))
      await store.change(other, (state) => ({ ...state, openChecks: [opened(3, 20)] }))
      expect(await store.openChecks(30)).toEqual([
        { pull, check: opened(2, 10) },
        { pull: other, check: opened(3, 20) },
      ])
      await store.change(pull, (state) => ({ ...state, openChecks: [] }))
      expect(await store.openChecks(100)).toEqual([{ pull: other, check: opened(3, 20) }])
    })

    test('forgets what was not changed for long, and nothing else', async () => {
      let now = 10
      const store = await make(() => now)
      const young = { ...pull, number: 4 }
      await store.change(pull, () => full)
      await store.change(young, () => full)
      now = 20
      await store.change(young, (state) => state)
      expect(await store.forgetUnchangedSince(20)).toBe(1)
      expect(await store.read(pull)).toEqual(unknownPull)
      expect(await store.read(young)).toEqual(full)
      expect(await store.forgetUnchangedSince(20)).toBe(0)
    })
  })
}
