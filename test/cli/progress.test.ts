import { describe, expect, it } from 'vitest'
import { Progress } from '../../src/cli/progress.ts'
import { MemoryFactsCache } from '../../src/engine/facts-cache.ts'

function work(isTTY: boolean, msPerFile: number, files: number): string {
  const written: string[] = []
  let clock = 0
  const progress = new Progress({ write: (text) => written.push(text), isTTY }, () => clock)
  const cache = progress.watch(new MemoryFactsCache())
  for (let file = 0; file < files; file++) {
    clock += msPerFile
    cache.set(`sha${file}`, { mentionsCelery: false, relevant: false })
  }
  progress.clear()
  return written.join('')
}

describe('Progress', () => {
  it('shows once a second how far the work is, and takes the line away', () => {
    expect(work(true, 400, 7)).toBe('\rReading: 3 files so far\rReading: 6 files so far\r\u001b[K')
  })

  it('is silent about short work, and where there is no terminal', () => {
    expect(work(true, 100, 9)).toBe('')
    expect(work(false, 400, 7)).toBe('')
  })
})
