/** Owns matching the tasks of a project before and after a change. */
import type { CeleryProject } from './project.ts'
import type { Task } from './tasks.ts'

/** A task whose messages reach the same name before and after. */
export interface SurvivingTask {
  readonly old: Task
  readonly now: Task
}

/** The tasks that keep their name over a change. A name that more than one task has is left out. */
export function survivingTasks(before: CeleryProject, after: CeleryProject): SurvivingTask[] {
  const pairs: SurvivingTask[] = []
  for (const [name, [now, ...others]] of after.tasksByName) {
    const known = before.tasksByName.get(name)
    if (now && others.length === 0 && known?.length === 1) pairs.push({ old: known[0]!, now })
  }
  return pairs
}
