/** Owns the store that lives in this process alone: what it holds is lost when the process dies. */
import { type PullRef, type PullState, type ReviewStore, unknownPull } from './review-store.ts'

interface Entry {
  readonly pull: PullRef
  readonly state: PullState
  readonly changedAt: number
}

export class MemoryReviewStore implements ReviewStore {
  readonly #now: () => number
  readonly #entries = new Map<string, Entry>()

  /** @param now the time in milliseconds since the epoch */
  constructor(now: () => number) {
    this.#now = now
  }

  async read(pull: PullRef): Promise<PullState> {
    return structuredClone(this.#entries.get(keyOf(pull))?.state ?? unknownPull)
  }

  async change(pull: PullRef, change: (state: PullState) => PullState): Promise<PullState> {
    const state = structuredClone(change(structuredClone(this.#entries.get(keyOf(pull))?.state ?? unknownPull)))
    this.#entries.set(keyOf(pull), { pull: { ...pull }, state, changedAt: this.#now() })
    return structuredClone(state)
  }

  async openChecks(before: number) {
    return [...this.#entries.values()]
      .flatMap(({ pull, state }) => state.openChecks.map((check) => ({ pull: { ...pull }, check: { ...check } })))
      .filter(({ check }) => check.at < before)
      .sort((a, b) => a.check.at - b.check.at)
  }

  async forgetInstallation(installationId: number): Promise<void> {
    this.#forget(({ pull }) => pull.installationId === installationId)
  }

  async forgetUnchangedSince(time: number): Promise<number> {
    return this.#forget(({ changedAt }) => changedAt < time)
  }

  #forget(isForgotten: (entry: Entry) => boolean): number {
    const keys = [...this.#entries].filter(([, entry]) => isForgotten(entry)).map(([key]) => key)
    for (const key of keys) this.#entries.delete(key)
    return keys.length
  }
}

const keyOf = ({ repositoryId, number }: PullRef): string => `${repositoryId}/${number}`
