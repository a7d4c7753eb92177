/** Owns which signatures are run with the result of what stands before them: next links of a chain, bodies of chords, callbacks. */
import type { Call, Expr } from '../python/syntax.ts'
import type { CeleryProject } from './project.ts'
import type { ProjectFile } from './project-file.ts'
import { applyAsyncMethods, signatureModifiers } from './vocabulary/methods.ts'

/** The signatures of a file that receive a result in front of their own arguments, unless they are immutable. */
export function* resultReceivers(project: CeleryProject, file: ProjectFile): Generator<Call> {
  for (const call of file.calls) yield* receiversOf(project, file, call)
  for (const node of file.unions) {
    if (project.isCanvas(file, node)) yield* firstOf(project, file, node.right)
  }
}

function* receiversOf(project: CeleryProject, file: ProjectFile, call: Call): Generator<Call> {
  const { callee, args } = call
  const given = args.flatMap((arg) => (arg.name || arg.unpack ? [] : [arg.value]))
  const named = (name: string) => args.find((arg) => arg.name === name)?.value
  switch (constructorOf(project, file, callee)) {
    case 'chain': {
      for (const step of elements(given).slice(1)) yield* firstOf(project, file, step)
      return
    }
    case 'chord': {
      const body = given[1] ?? named('body')
      if (body) yield* firstOf(project, file, body)
      return
    }
  }
  // chord(header)(body) and chord(header, interval=5)(body)
  if (callee.kind === 'call' && constructorOf(project, file, callee.callee) === 'chord' && !hasBody(callee)) {
    const body = given[0] ?? named('body')
    if (body) yield* firstOf(project, file, body)
    return
  }
  if (callee.kind !== 'attribute') return
  const callback =
    callee.attr === 'link' && project.isSignature(file, callee.value)
      ? given[0]
      : takesOptions(project, file, call)
        ? named('link')
        : undefined
  if (callback) for (const one of elements([callback])) yield* firstOf(project, file, one)
}

const hasBody = ({ args }: Call): boolean =>
  args.some(({ name, unpack }) => unpack || name === 'body') || args.filter(({ name }) => !name).length > 1

/** Whether a call sends a task, or sets options of a signature. */
function takesOptions(project: CeleryProject, file: ProjectFile, { callee }: Call): boolean {
  if (callee.kind !== 'attribute') return false
  if (callee.attr === 'set') return project.isSignature(file, callee.value)
  if (!applyAsyncMethods.has(callee.attr)) return false
  return project.taskOf(file, callee.value) !== undefined || project.isSignature(file, callee.value)
}

const constructorOf = (project: CeleryProject, file: ProjectFile, callee: Expr) =>
  /^celery\.(?:canvas\.)?(chain|chord|group)$/.exec(project.externalName(file, callee) ?? '')?.[1]

/** `chain(a, b)` and `chain([a, b])`. */
function elements(given: readonly Expr[]): readonly Expr[] {
  const [first, ...others] = given
  return others.length === 0 && (first?.kind === 'list' || first?.kind === 'tuple') ? first.elements : given
}

/** The signatures that a step starts with: its own, the first of a chain, each of a group. */
function* firstOf(project: CeleryProject, file: ProjectFile, step: Expr): Generator<Call> {
  if (step.kind === 'binary' && step.operator === '|') yield* firstOf(project, file, step.left)
  if (step.kind === 'comprehension') yield* firstOf(project, file, step.element)
  if (step.kind === 'name') {
    const value = project.names.resolve(file, step)
    if (value?.kind === 'value' && value.file === file && value.expr.kind === 'call')
      yield* firstOf(project, file, value.expr)
  }
  if (step.kind !== 'call') return
  const { callee, args } = step
  if (callee.kind === 'attribute' && signatureModifiers.has(callee.attr)) {
    yield* firstOf(project, file, callee.value)
    return
  }
  const given = args.flatMap((arg) => (arg.name || arg.unpack ? [] : [arg.value]))
  switch (constructorOf(project, file, callee)) {
    case 'chain': {
      const [first] = elements(given)
      if (first) yield* firstOf(project, file, first)
      return
    }
    case 'group':
      for (const member of elements(given)) yield* firstOf(project, file, member)
      return
    case 'chord':
      for (const member of elements(given.slice(0, 1))) yield* firstOf(project, file, member)
      return
  }
  yield step
}
