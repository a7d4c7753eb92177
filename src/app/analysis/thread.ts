/** Owns a thread that analyses: one pull request after the other, with the engine, on what the app reads for it. */
import { setPriority } from 'node:os'
import { platform } from 'node:process'
import { parentPort, workerData } from 'node:worker_threads'
import { engineSettingsOf } from '../../config/engine-settings.ts'
import type { FileEntry, Snapshot } from '../../core/snapshot.ts'
import { compareProjects, type RecentProject } from '../../engine/analyse.ts'
import { MemoryFactsCache, TieredFactsCache } from '../../engine/facts-cache.ts'
import { loadRules } from '../../rule/registry.ts'
import { type Contents, type FromThread, handOver, type State, type ThreadData, type ToThread } from './messages.ts'
import { StoredFactsCache } from './stored-facts.ts'

/** Facts take some twenty times the memory of their text. */
const rememberedText = 8_000_000

/** Webhooks come first. Elsewhere this would slow the whole process down: on Linux each thread has a priority of its own. */
if (platform === 'linux') setPriority(10)

/** The repository that was analysed last, and its configuration: the next state of it is derived from what is known. */
let last: { readonly key: string; readonly recent: RecentProject } | undefined

const { version } = workerData as ThreadData
const recentFacts = new MemoryFactsCache(rememberedText)
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

async function analyse(message: Extract<ToThread, { kind: 'analyse' }>) {
  const { repositoryId, before, after, changes, configuration } = message
  const comparison = { before: snapshotOf('before', before), after: snapshotOf('after', after), changes }
  // What one analysis has read it has at hand to its end, however large the project is.
  const cache = new TieredFactsCache(new MemoryFactsCache(), new TieredFactsCache(recentFacts, stored))
  const settings = engineSettingsOf(configuration)
  const key = `${repositoryId} ${JSON.stringify(configuration)}`
  const recent: RecentProject = last?.key === key ? last.recent : {}
  last = undefined
  const report = await compareProjects(comparison, { rules: await loadRules(), settings, cache, recent })
  if (isSmall(recent)) last = { key, recent }
  stored.flush()
  return report
}

/** Whether a project takes no more memory than may be kept from one analysis to the next. */
function isSmall({ project }: RecentProject): boolean {
  const text = [...(project?.files.values() ?? [])].reduce((sum, { facts }) => sum + facts.text.length, 0)
  return text <= rememberedText
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
