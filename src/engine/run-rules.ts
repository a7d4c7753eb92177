/** Owns asking rules: which rule looks at which file, and what becomes of one that throws. */
import type { CeleryProject } from '../celery/project.ts'
import type { ProjectFile } from '../celery/project-file.ts'
import { isAtLeast, type RuleCrash, type Severity } from '../core/finding.ts'
import { globMatcher } from '../core/glob.ts'
import { grouped } from '../core/grouped.ts'
import type { ChangeContext, Problem, Rule } from '../rule/rule.ts'
import type { EngineSettings } from './settings.ts'

/** A problem with its rule, its file and the severity that applies. */
export interface RaisedProblem extends Problem {
  readonly rule: Rule
  readonly file: ProjectFile
  readonly severity: Severity
}

export interface RuleRun {
  readonly problems: readonly RaisedProblem[]
  readonly crashes: readonly RuleCrash[]
  /** Rules that had more to say about a file than anybody would read. */
  readonly cut: readonly { readonly rule: string; readonly path: string }[]
}

/** So many problems of one rule are raised in one file; a file with more of them is generated or hostile. */
export const MAX_PROBLEMS = 200

/** The rules that settings switch on. */
export function enabledRules<T extends Pick<Rule, 'meta'>>(rules: readonly T[], settings: EngineSettings): T[] {
  return rules.filter(({ meta }) => {
    if (settings.ignore?.has(meta.name)) return false
    const configured = settings.severities?.get(meta.name)
    if (configured === 'off') return false
    if (settings.select) return settings.select.has(meta.name)
    return meta.status === 'stable' || settings.preview === true || configured !== undefined
  })
}

/** Whether a rule that is switched on needs to know how processes are started. */
export const readsDeployment = (rules: readonly Pick<Rule, 'meta'>[], settings: EngineSettings): boolean =>
  enabledRules(rules, settings).some(({ meta }) => meta.readsDeployment === true)

/** Tells the paths in which nothing is reported. */
export const isIgnoredPath = ({ ignorePaths }: EngineSettings): ((path: string) => boolean) =>
  globMatcher(ignorePaths ?? [])

/** The severity that applies to a problem: the configured one, else its own, else the rule's. */
export function severityOf(rule: Rule, problem: Problem | undefined, settings: EngineSettings): Severity {
  const configured = settings.severities?.get(rule.meta.name)
  return configured && configured !== 'off' ? configured : (problem?.severity ?? rule.meta.severity)
}

/**
 * Runs rules over a project, or over a change of it. A rule that throws loses what it was asked there and is named.
 * @param only asks `file` rules about these paths only
 */
export function runRules(
  rules: readonly Rule[],
  project: CeleryProject,
  settings: EngineSettings,
  change?: ChangeContext,
  only?: ReadonlySet<string>,
): RuleRun {
  const problems = project.services.map((): RaisedProblem[] => [])
  const crashes: RuleCrash[] = []
  const cut: { rule: string; path: string }[] = []
  const isIgnored = isIgnoredPath(settings)

  const collect = (service: number, rule: Rule, file: ProjectFile | undefined, ask: () => Iterable<Problem>) => {
    const raised = new Map<ProjectFile, number>()
    try {
      for (const problem of ask()) {
        const where = problem.file ?? file
        if (!where) throw new Error('the problem names no file')
        if ((where.isTest && !rule.meta.inTests) || isIgnored(where.path)) continue
        const before = raised.get(where) ?? 0
        raised.set(where, before + 1)
        if (before === MAX_PROBLEMS) cut.push({ rule: rule.meta.name, path: where.path })
        if (before >= MAX_PROBLEMS) continue
        problems[service]!.push({ ...problem, rule, file: where, severity: severityOf(rule, problem, settings) })
      }
    } catch (error) {
      crashes.push({
        rule: rule.meta.name,
        path: file?.path,
        message: error instanceof Error ? error.message : String(error),
      })
    }
  }

  const enabled = enabledRules(rules, settings)
  const fileRules = enabled.filter((rule) => rule.scope === 'file')
  const named = fileRules.map(({ meta }) => meta.name).join(' ')
  const answers = project.services.map((service) => {
    const files = [...service.files.values()].filter(({ path }) => !only || only.has(path))
    return grouped(
      files.flatMap((file) => (only ? asked(fileRules, service, file) : allAsked(fileRules, named, service, file))),
    )
  })
  for (const rule of enabled) {
    for (const [index, service] of project.services.entries()) {
      switch (rule.scope) {
        case 'file':
          for (const answer of answers[index]!.get(rule) ?? []) collect(index, rule, answer.file, () => said(answer))
          break
        case 'project':
          collect(index, rule, undefined, () => rule.check({ project: service }))
          break
        case 'change':
          if (change) collect(index, rule, undefined, () => rule.check(changeOf(change, service, index)))
          break
      }
    }
  }
  return { problems: withoutReplaced(saidOnce(problems)), crashes, cut }
}

type FileRule = Extract<Rule, { scope: 'file' }>

/** What a rule says of a file, or throws. Plain data: it outlives the state of the project that it was asked in. */
interface Answer {
  readonly file: ProjectFile
  readonly problems: readonly Problem[]
  readonly thrown?: { readonly error: unknown }
}

/** @throws what the rule threw. */
function said({ problems, thrown }: Answer): readonly Problem[] {
  if (thrown) throw thrown.error
  return problems
}

/** What those rules say of a file that have something to say. Where nothing has changed, none of them is asked. */
const allAsked = (rules: readonly FileRule[], named: string, project: CeleryProject, file: ProjectFile) =>
  project.remember(file, named, () => asked(rules, project, file))

function asked(rules: readonly FileRule[], project: CeleryProject, file: ProjectFile): [Rule, Answer][] {
  return rules.flatMap((rule): [Rule, Answer][] => {
    if (file.isTest && !rule.meta.inTests) return []
    if (file.facts.deployment && !rule.meta.readsDeployment) return []
    try {
      const problems = askedOnce(rule, project, file)
      return problems.length > 0 ? [[rule, { file, problems }]] : []
    } catch (error) {
      return [[rule, { file, problems: [], thrown: { error } }]]
    }
  })
}

/** What a rule says of a file, not more than is raised; asked once for all states in which it goes by the same. */
const askedOnce = (rule: FileRule, project: CeleryProject, file: ProjectFile): readonly Problem[] =>
  project.remember(file, rule.meta.name, () => {
    const problems: Problem[] = []
    for (const problem of rule.check({ project, file })) {
      problems.push(problem)
      if (problems.length > MAX_PROBLEMS) break
    }
    return problems
  })

/** What becomes of one service: both states of a change have the same ones. */
export const changeOf = (change: ChangeContext, after: CeleryProject, index: number): ChangeContext => ({
  ...change,
  before: change.before.services[index]!,
  after,
})

/** What each service adds: code that several of them run is looked at in each, and spoken of by the one that finds it gravest. */
function saidOnce(byService: readonly (readonly RaisedProblem[])[]): RaisedProblem[] {
  const gravest = new Map<string, { service: number; severity: Severity }>()
  for (const [service, problems] of byService.entries()) {
    for (const problem of problems) {
      const known = gravest.get(placeOf(problem))
      if (!known || !isAtLeast(known.severity, problem.severity))
        gravest.set(placeOf(problem), { service, severity: problem.severity })
    }
  }
  return byService.flatMap((problems, service) =>
    problems.filter((problem) => gravest.get(placeOf(problem))!.service === service),
  )
}

const placeOf = ({ rule, span, file }: RaisedProblem) => `${rule.meta.name} ${span.start} ${span.end} ${file.path}`

/** Leaves out problems that a rule which knows more has raised at the same place. */
function withoutReplaced(problems: readonly RaisedProblem[]): RaisedProblem[] {
  const said = (rule: string, { file, span }: RaisedProblem) => `${rule} ${span.start} ${span.end} ${file.path}`
  const replaced = new Set(
    problems.flatMap((problem) => problem.rule.meta.replaces?.map((rule) => said(rule, problem)) ?? []),
  )
  return problems.filter((problem) => !replaced.has(said(problem.rule.meta.name, problem)))
}
