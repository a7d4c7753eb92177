/** Owns what the app and a thread that analyses say to each other. All of it is plain data; code and facts go as bytes. */
import type { Configuration } from '../../config/configuration.ts'
import type { FileChange, FileEntry } from '../../core/snapshot.ts'
import type { ChangeReport } from '../../engine/analyse.ts'

/** What a thread is made with. */
export interface ThreadData {
  /** The version of the engine: facts of another one are not its own. */
  readonly version: string
}

export type State = 'before' | 'after'

export type ToThread =
  | {
      readonly kind: 'analyse'
      readonly repositoryId: number
      readonly before: readonly FileEntry[]
      readonly after: readonly FileEntry[]
      readonly changes: readonly FileChange[]
      readonly configuration: Configuration
    }
  /** What it asked for, by path or by key. */
  | { readonly kind: 'answer'; readonly contents: Contents }
  /** What it asked for cannot be had, and nobody waits for its report any more. */
  | { readonly kind: 'refusal' }

export type FromThread =
  /** The contents of files. Like facts they are asked for one after the other: there is one answer for each question. */
  | { readonly kind: 'files'; readonly state: State; readonly files: readonly FileEntry[] }
  | { readonly kind: 'facts'; readonly keys: readonly string[] }
  /** Facts to be stored; there is no answer. */
  | { readonly kind: 'store'; readonly records: Contents }
  | { readonly kind: 'report'; readonly report: ChangeReport }
  | { readonly kind: 'failure'; readonly error: Error }

export type Contents = ReadonlyMap<string, Uint8Array>

/** The same contents in memory that can be handed over: what is read often shares its memory with more. */
export function handOver(contents: Contents): { contents: Contents; transfer: ArrayBuffer[] } {
  const own = new Map([...contents].map(([key, bytes]) => [key, new Uint8Array(bytes)]))
  return { contents: own, transfer: [...own.values()].map(({ buffer }) => buffer) }
}
