/** Owns a thread that analyses: one pull request after the other, with the engine, on what the app reads for it. */
import { setPriority } from 'node:os'
import { platform } from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { engineSettingsOf } from '../../config/engine-settings.ts'
import type { FileEntry, Snapshot } from '../../core/snapshot.ts'
import { compareProjects } from '../../engine/analyse.ts'
import { MemoryFactsCache, TieredFactsCache } from '../../engine/facts-cache.ts'
import { loadRules } from '../../rule/registry.ts'
import { type Contents, type FromThread, handOver, type State, type ThreadData, type ToThread } from './messages.ts'
import { StoredFactsCache } from './stored-facts.ts'

/** Facts take some twenty times the memory of their text. */
const rememberedText = 8_000_000

/** Webhooks come first. Elsewhere this would slow the whole process down: on Linux each thread has a priority of its own. */
if (platform === 'linux') setPriority(10)

const { version } = workerData as ThreadData
const recent = new MemoryFactsCache(rememberedText)
const stored = new StoredFactsCache(
  {
    read: (keys) => ask({ kind: 'facts', keys }),
    write: (records) => {
      const { contents, transfer } = handOver(records)
      send({ kind: 'store', records: contents }, transfer)
    },
  },
  version,
)

const send = (message: FromThread, transfer: ArrayBuffer[] = []): void => parentPort!.postMessage(message, transfer)

let waiting: { resolve: (contents: Contents) => void; reject: (error: Error) => void } | undefined

function ask(question: FromThread): Promise<Contents> {
  return new Promise((resolve, reject) => {
    waiting = { resolve, reject }
    send(question)
  })
}

const snapshotOf = (state: State, files: readonly FileEntry[]): Snapshot => ({
  files,
  read: (wanted) => ask({ kind: 'files', state, files: wanted }),
})

async function analyse({ before, after, changes, configuration }: Extract<ToThread, { kind: 'analyse' }>) {
  const comparison = { before: snapshotOf('before', before), after: snapshotOf('after', after), changes }
  // What one analysis has read it has at hand to its end, however large the project is.
  const cache = new TieredFactsCache(new MemoryFactsCache(), new TieredFactsCache(recent, stored))
  const settings = engineSettingsOf(configuration)
  const report = await compareProjects(comparison, { rules: await loadRules(), settings, cache })
  stored.flush()
  return report
}

parentPort!.on('message', (message: ToThread) => {
  switch (message.kind) {
    case 'analyse':
      analyse(message).then(
        (report) => send({ kind: 'report', report }),
        (error) => send({ kind: 'failure', error }),
      )
      break
    case 'answer':
      waiting!.resolve(message.contents)
      break
    case 'refusal':
      waiting!.reject(new Error('what was asked for cannot be had'))
      break
  }
})
