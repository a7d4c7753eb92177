/** Owns a run of many rounds, in one world after the other, and the count of what went wrong. */
import { generatePrivateKey } from '../../../src/simulator/access.ts'
import { planRound } from './plan.ts'
import { type Adapter, type StartApp, World } from './world.ts'

export interface Chaos {
  readonly adapter: Adapter
  readonly rounds: number
  readonly seed: string
  readonly startApp: StartApp
  /** Told of everything that went wrong, and how far the run is. */
  readonly tell: (line: string) => void
}

export interface Toll {
  rounds: number
  /** How often a process was killed. */
  kills: number
  lost: number
  doubled: number
  leaked: number
}

/** A world that grew old is slow, and one in which something went wrong proves nothing more. */
const roundsOfAWorld = 20

/** Runs the rounds. The plan of each follows from the seed and its number. */
export async function runChaos({ adapter, rounds, seed, startApp, tell }: Chaos): Promise<Toll> {
  const toll: Toll = { rounds: 0, kills: 0, lost: 0, doubled: 0, leaked: 0 }
  const privateKey = await generatePrivateKey()
  while (toll.rounds < rounds) {
    const world = await World.open(adapter, startApp, privateKey)
    try {
      for (let isSound = true; isSound && toll.rounds < rounds; ) {
        const plan = planRound(`${seed}/${++toll.rounds}`)
        const { lost, doubled, leaked } = await world.run(plan)
        toll.lost += lost.length
        toll.doubled += doubled.length
        toll.leaked += leaked.length
        isSound = lost.length + doubled.length + leaked.length === 0
        if (!isSound) {
          tell(`round ${toll.rounds}, seed ${seed}: ${JSON.stringify(plan)}`)
          for (const line of lost) tell(`  lost: ${line}`)
          for (const line of doubled) tell(`  doubled: ${line}`)
          for (const line of leaked) tell(`  leaked: ${line}`)
          tell(await world.story())
        }
        if (toll.rounds % roundsOfAWorld === 0) break
      }
      toll.kills += world.kills
      tell(`${toll.rounds} rounds, ${toll.kills} kills`)
    } finally {
      await world.close()
    }
  }
  return toll
}
