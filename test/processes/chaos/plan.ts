/** Owns what goes wrong in a round: drawn from a seed before the round begins, and so the same whenever it is run again. */
import { Dice } from './dice.ts'

/** What becomes of a webhook. `failed` ones GitHub knows of, `lost` ones nobody does. */
const fates = ['sent', 'sent', 'doubled', 'late', 'failed', 'lost'] as const
export type Fate = (typeof fates)[number]

export interface Push {
  /** Whether it replaces the commits of the pull request. */
  readonly isForced: boolean
  /** Whether it takes away the mistake that the pull request began with. */
  readonly isCure: boolean
  readonly fate: Fate
}

export type Step =
  | { readonly kind: 'open'; readonly fate: Fate }
  /** `pull` chooses among the open ones. */
  | ({ readonly kind: 'push'; readonly pull: number } & Push)
  | { readonly kind: 'command'; readonly pull: number; readonly fate: Exclude<Fate, 'lost'> }
  | { readonly kind: 'close'; readonly pull: number; readonly fate: Fate }
  /** In milliseconds. */
  | { readonly kind: 'rest'; readonly for: number }
  /** The process dies, whatever it is doing so many milliseconds later. */
  | { readonly kind: 'crash'; readonly process: number; readonly after: number }
  /** The database ends the connections of all processes so many milliseconds later, as one does that is started again. */
  | { readonly kind: 'disconnect'; readonly after: number }

/** Where in the conversation with GitHub something happens. */
const spots = {
  review: { method: 'POST', path: /\/reviews$/ },
  'check opened': { method: 'POST', path: /\/check-runs$/ },
  'check concluded': { method: 'PATCH', path: /\/check-runs\/\d+$/ },
  graphql: { method: 'POST', path: /\/graphql$/ },
  head: { method: 'GET', path: /\/pulls\/\d+$/ },
  answer: { method: 'POST', path: /\/issues\/\d+\/comments$/ },
  face: { method: 'POST', path: /\/reactions$/ },
  token: { method: 'POST', path: /\/access_tokens$/ },
  anything: { method: undefined, path: /./ },
} as const
export type Spot = keyof typeof spots

const anywhere = Object.keys(spots) as Spot[]
/** Those that every review comes by. */
const always: readonly Spot[] = ['review', 'check opened', 'check concluded', 'graphql', 'head', 'anything']

export const isAt = (spot: Spot, method: string, path: string): boolean =>
  (spots[spot].method ?? method) === method && spots[spot].path.test(path.split('?', 1)[0]!)

const moments = ['before', 'after'] as const
const mishaps = ['error', 'reset', 'silence', 'cut', 'limit'] as const

/** What befalls a request `before` GitHub hears of it or `after` GitHub did what it asks for, or whoever sent it. */
export type Trouble =
  | { readonly kind: (typeof mishaps)[number]; readonly when: (typeof moments)[number] }
  | ({ readonly kind: 'push' } & Push)
  /** The database ends the connections of all processes. */
  | { readonly kind: 'disconnect'; readonly when: (typeof moments)[number] }
  /** The process stands still for so many milliseconds, in which others may take it for dead. */
  | { readonly kind: 'freeze'; readonly when: (typeof moments)[number]; readonly for: number }
  /** When it was `answered`, the process has `left` milliseconds to live. */
  | { readonly kind: 'kill'; readonly when: (typeof moments)[number] | 'answered'; readonly left: number }

export interface Fault {
  readonly at: Spot
  /** How many requests there pass before it. */
  readonly pass: number
  readonly trouble: Trouble
}

export interface RoundPlan {
  readonly steps: readonly Step[]
  readonly faults: readonly Fault[]
  /** For how many milliseconds each killed process stays away. */
  readonly downtime: number
}

/** At most so many faults befall a round: the app gives a job up that fails more often than it tries. */
const mostFaults = 4

export function planRound(seed: string): RoundPlan {
  const dice = new Dice(seed)
  const push = (): Push => ({ isForced: dice.isLucky(0.3), isCure: dice.isLucky(0.3), fate: dice.pick(fates) })
  const pull = (): number => dice.between(0, 99)
  const steps: Step[] = []
  for (let left = dice.between(1, 2); left > 0; left--) steps.push({ kind: 'open', fate: dice.pick(fates) })
  for (let left = dice.between(0, 3); left > 0; left--) {
    const heard = fates.filter((fate) => fate !== 'lost')
    steps.push(
      dice.pick<() => Step>([
        () => ({ kind: 'push', pull: pull(), ...push() }),
        () => ({ kind: 'push', pull: pull(), ...push() }),
        () => ({ kind: 'command', pull: pull(), fate: dice.pick(heard) as Exclude<Fate, 'lost'> }),
        () => ({ kind: 'close', pull: pull(), fate: dice.pick(fates) }),
        () => ({ kind: 'rest', for: dice.between(0, 400) }),
        () => ({ kind: 'crash', process: dice.between(0, 99), after: dice.between(0, 300) }),
        () => ({ kind: 'disconnect', after: dice.between(0, 300) }),
      ])(),
    )
  }
  const kill = (): Trouble => ({
    kind: 'kill',
    when: dice.pick([...moments, 'answered']),
    left: dice.pick([0, 0, 1, 2, 5, 10, 20, 40]),
  })
  const others: (() => Trouble)[] = [
    kill,
    () => ({ kind: 'push', ...push() }),
    () => ({ kind: 'freeze', when: dice.pick(moments), for: dice.pick([200, 1_000, 2_500, 4_000]) }),
    () => ({ kind: 'disconnect', when: dice.pick(moments) }),
    ...mishaps.map((kind) => () => ({ kind, when: dice.pick(moments) })),
  ]
  const faults: Fault[] = [{ at: dice.pick(always), pass: dice.between(0, 1), trouble: kill() }]
  for (let left = dice.between(0, mostFaults - 1); left > 0; left--) {
    faults.push({ at: dice.pick(anywhere), pass: dice.pick([0, 0, 0, 1, 2]), trouble: dice.pick(others)() })
  }
  return { steps, faults, downtime: dice.between(0, 200) }
}
