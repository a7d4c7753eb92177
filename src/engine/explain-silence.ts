/**
 * Owns the answer to why a line was not reported. It asks all rules what they would say there, follows that through
 * settings, comments and the comparison with the base, and adds what the project could not see.
 */
import { explainChange } from '../celery/explain-change.ts'
import { explainLine } from '../celery/explain-line.ts'
import type { ProjectFile } from '../celery/project-file.ts'
import { isPython, isReviewed } from '../core/file-kinds.ts'
import type { Report } from '../core/finding.ts'
import type { Snapshot } from '../core/snapshot.ts'
import type { Rule } from '../rule/rule.ts'
import { type AnalysisOptions, type Comparison, checkProject, compareProjects, loadComparison } from './analyse.ts'
import { MemoryFactsCache } from './facts-cache.ts'
import { type LoadedProject, loadProject } from './load-project.ts'
import { shownProblems } from './report.ts'
import { changeOf, enabledRules, isIgnoredPath, readsDeployment, runRules } from './run-rules.ts'
import type { EngineSettings } from './settings.ts'

export interface Place {
  readonly path: string
  /** 1-based. */
  readonly line: number
}

/** Lines of plain text; code stands in backticks. A comparison explains what is not reported of a change. */
export async function explainSilence(
  subject: { readonly snapshot: Snapshot } | Comparison,
  place: Place,
  { rules, settings = {}, cache = new MemoryFactsCache() }: AnalysisOptions,
): Promise<string[]> {
  const options = { rules, settings, cache }
  const isChange = 'before' in subject
  const { head, change } = isChange
    ? await loadComparison(subject, options)
    : {
        head: await loadProject(subject.snapshot, settings, cache, readsDeployment(rules, settings)),
        change: undefined,
      }
  const snapshot = isChange ? subject.after : subject.snapshot
  const unseen = whyUnseen(snapshot, head, place)
  if (unseen) return [unseen]
  const file = head.project.files.get(place.path)!
  const report = isChange ? await compareProjects(subject, options) : await checkProject(subject.snapshot, options)

  // Every rule is asked, whatever the settings say; what they say is told apart afterwards.
  const unrestrained = { select: new Set(rules.map(({ meta }) => meta.name)) }
  const { problems, crashes } = runRules(rules, head.project, unrestrained, change)
  const here = problems.filter((problem) => {
    const { line, endLine } = problem.file.rangeOf(problem.span)
    return problem.file === file && line <= place.line && place.line <= endLine
  })
  const shown = new Map(
    shownProblems(head.project, problems, rules, unrestrained).map(({ problem, fingerprint }) => [
      problem,
      fingerprint,
    ]),
  )
  const said = here.map((problem) => {
    const fingerprint = shown.get(problem)
    const why = whyWithheld(problem.rule, fingerprint, report, file, settings)
    return `${problem.rule.meta.name} ${why ?? 'finds this, and it was there before the change'}`
  })
  const failed = crashes
    .filter(({ path }) => path === undefined || path === place.path)
    .map(({ rule }) => `${rule} failed, and could not be asked`)
  const service = head.project.serviceOf(file)
  const known = [
    ...explainLine(service, file, place.line),
    ...(change
      ? explainChange(changeOf(change, service, head.project.services.indexOf(service)), file, place.line)
      : []),
  ]
  return [...new Set([...said, ...failed, ...known, ...(said.length === 0 ? [silentRules(rules, file)] : [])])]
}

/** Why nothing is known of a line. */
function whyUnseen(snapshot: Snapshot, { project, skipped, usesCelery }: LoadedProject, { path, line }: Place) {
  const refused = skipped.find((one) => one.path === path)
  const file = project.files.get(path)
  if (!snapshot.files.some((one) => one.path === path)) return `there is no file ${path} in the project`
  if (!isReviewed(path)) return 'only Python files are analysed, and files that say how processes are started'
  if (refused) return `the file was not analysed: it ${refused.reason}`
  if (!usesCelery) return 'no Python file of the project mentions Celery, so none is analysed'
  if (!file && !isPython(path))
    return 'no rule that is switched on asks how processes are started, or the file starts none of Celery'
  if (!file)
    return 'the file was not analysed: it holds no word that Celery could be about, and no file that does leads to it'
  if (line < 1 || line > file.lines.count) return `the file has ${file.lines.count} lines`
  return undefined
}

/** What became of a problem that a rule sees; undefined when only the comparison with the base can have dropped it. */
function whyWithheld(
  { meta }: Rule,
  fingerprint: string | undefined,
  { findings }: Report,
  file: ProjectFile,
  settings: EngineSettings,
): string | undefined {
  if (!fingerprint) return 'finds this, and a comment silences it'
  if (findings.some((finding) => finding.fingerprint === fingerprint)) return 'is reported here'
  if (isIgnoredPath(settings)(file.path)) return 'finds this, and the configuration leaves the file out'
  if (settings.ignore?.has(meta.name)) return 'finds this, and is ignored'
  if (settings.severities?.get(meta.name) === 'off') return 'finds this, and is switched off in the configuration'
  if (settings.select && !settings.select.has(meta.name)) return 'finds this, and was not selected'
  if (enabledRules([{ meta }], settings).length === 0) return 'finds this, and is in preview: --preview runs it'
  return undefined
}

function silentRules(rules: readonly Rule[], file: ProjectFile): string {
  const asked = file.isTest ? rules.filter(({ meta }) => meta.inTests) : rules
  const count = `${asked.length} of ${rules.length} rules`
  return file.isTest
    ? `the file is taken for a test, so only ${count} look at it, and none finds anything here`
    : `none of the ${rules.length} rules finds anything here`
}
